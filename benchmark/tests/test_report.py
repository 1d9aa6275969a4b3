import io

from rich.console import Console

from benchmark import report
from tests.examples import results


def shown(*before: str) -> str:
    file = io.StringIO()
    report.show(results(*before), Console(file=file, width=200))
    return file.getvalue()


def test_the_machine_and_the_versions_are_named() -> None:
    text = shown()

    assert "2 × Example, 24 GB, Linux 6, x86_64; load before: 0.10, 0.20, 0.30" in text
    assert "Python 3.13.0, onnxruntime 1.32.0" in text
    assert "now: aaaaaaa" in text
    assert "2 rounds in 4.5 minutes" in text


def test_a_line_has_the_figure_the_goal_and_whether_it_is_met() -> None:
    (line,) = [line for line in shown().splitlines() if "package, labeller" in line]

    assert [cell.strip() for cell in line.strip("│").split("│")] == [
        "package, labeller",
        "8.93 MB (8.71 to 9.14)",
        "≤ 9.00 MB",
        "met",
    ]


def test_a_commit_before_has_a_column_of_its_own_and_no_verdict() -> None:
    line = next(line for line in shown("fd9562b").splitlines() if "endpoint throughput" in line)

    assert [cell.strip() for cell in line.strip("│").split("│")] == [
        "endpoint throughput",
        "0.90",
        "0.90",
        "≥ 0.93",
        "missed",
    ]
