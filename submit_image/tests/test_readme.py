import re
from pathlib import Path

from submit_image import problems
from submit_image.fetcher import MAX_REDIRECTS
from submit_image.pictures import MAX_PIXELS
from submit_image.problems import Problem
from submit_image.urls import MAX_LENGTH
from tests.test_template import FUNCTION, TEMPLATE

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text()


def rows(first_column: str) -> list[list[str]]:
    """The rows of the table whose first column has this title, without backticks."""
    table = re.search(rf"^\| {first_column} \|.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    assert table
    return [
        [cell.strip().strip("`") for cell in row.strip("|").split("|")]
        for row in table[1].splitlines()
    ]


def test_the_parameters_are_those_of_the_template() -> None:
    documented = [(name, default) for name, default, _ in rows("parameter")]

    assert documented == [
        (name, str(parameter["Default"])) for name, parameter in TEMPLATE["Parameters"].items()
    ]


def test_the_outputs_are_those_of_the_template() -> None:
    assert [name for name, _ in rows("output")] == list(TEMPLATE["Outputs"])


def test_the_errors_are_those_of_the_function() -> None:
    existing = {
        (str(value.status), value.slug)
        for value in vars(problems).values()
        if isinstance(value, type) and issubclass(value, Problem) and hasattr(value, "slug")
    }

    assert {(status, slug) for status, slug, _ in rows("status")} == existing


def test_the_limits_are_those_that_are_enforced() -> None:
    assert f"{MAX_LENGTH:,} characters" in TEXT
    assert f"up to {MAX_REDIRECTS} redirects" in TEXT
    assert f"{MAX_PIXELS // 1_000_000} megapixels" in TEXT
    seconds = FUNCTION["Environment"]["Variables"]["FETCH_SECONDS"]
    assert f"within {seconds} seconds" in TEXT


def test_the_metrics_are_those_of_the_function() -> None:
    entry = (ROOT / "src" / "submit_image" / "entry.py").read_text()

    assert {name for name, _ in rows("metric")} == set(re.findall(r'add_metric\("(\w+)"', entry))


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    used = {
        target
        for line in re.findall(r"^make (.+)$", TEXT, re.MULTILINE)
        for target in line.split()
        if "=" not in target
    }

    assert used
    assert all(re.search(rf"^{target}:.*##", makefile, re.MULTILINE) for target in used)


def test_the_modules_that_are_named_exist() -> None:
    for module in re.findall(r"`(\w+\.py)`", TEXT):
        assert (ROOT / "src" / "submit_image" / module).exists()
