"""The page shows what the benchmark has measured, and names the machine."""

import re
from html import unescape

import performance
from pages import SOURCE
from test_site import SITE

CELL = re.compile(r"<td><p>(?:<span>)?(.*?)(?:</span>)?</p></td>", re.DOTALL)


def shown() -> list[str]:
    html = (SITE / "performance.html").read_text()
    return [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in CELL.findall(html)]


def test_every_figure_and_its_goal_are_in_the_tables() -> None:
    results, cells = performance.read(), shown()

    assert len(results["figures"]) > 10
    for figure in results["figures"]:
        assert figure["shown"] in cells
        assert figure["goal"] in ("", *cells)


def test_each_goal_has_its_verdict() -> None:
    results = performance.read()
    verdicts = [row[-1] for row in performance.rows(results, with_goal=True)]

    expected = [
        performance.MET[figure["met"]]
        for figure in results["figures"]
        if figure["of"] == performance.NOW and figure["target"] is not None
    ]
    assert verdicts == expected


def test_the_machine_the_versions_and_the_commits_are_named() -> None:
    results, cells = performance.read(), shown()

    for name in (results["machine"]["system"], results["machine"]["taken"]):
        assert name in cells
    assert set(results["commits"].values()) <= set(cells)
    assert any("onnxruntime" in cell for cell in cells)


def test_every_plot_is_on_the_page() -> None:
    page = (SOURCE / "performance.md").read_text()
    drawn = {path.name for path in performance.RESULTS.parent.glob("*.svg")}

    assert drawn
    assert set(re.findall(r"\(_static/performance/([\w.]+)\)", page)) == drawn


def test_a_pictures_processor_time_is_shown_by_process_and_case() -> None:
    results = performance.read()
    part = {"of": performance.NOW, "target": None}
    results["figures"] = [
        part | {"name": "part-endpoint", "shown": "25.0 ms"},
        part | {"name": "part-large_tutorial_all", "shown": "134.0 ms"},
    ]

    table = performance.parts(results)

    assert [row[0] for row in table] == list(performance.PROCESSES.values())
    assert table[0][1:] == ["25.0 ms", "-", "-", "-"]
    assert table[-1][1:] == ["-", "-", "-", "134.0 ms"]
    assert performance.rows(results, with_goal=False) == []
