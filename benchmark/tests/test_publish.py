"""What the documentation shows is what was measured."""

import json
from pathlib import Path

import pytest

from benchmark import figures, plots, publish
from tests.examples import results

PUBLISHED = Path(__file__).parents[2] / publish.DOCUMENTATION


@pytest.fixture
def published() -> dict[str, object]:
    found: dict[str, object] = json.loads((PUBLISHED / publish.RESULTS).read_text())
    return found


def test_results_and_plots_are_next_to_each_other(tmp_path: Path) -> None:
    publish.write(results(), tmp_path / "new")

    written = {path.name for path in (tmp_path / "new").iterdir()}
    assert written == {"results.json", "goals.svg", "processor.svg", "api.svg"}
    assert json.loads((tmp_path / "new/results.json").read_text()) == results()


def test_the_published_figures_follow_from_the_published_rounds(
    published: dict[str, object],
) -> None:
    assert published["figures"] == figures.derive(published["rounds"], published["once"])  # type: ignore[arg-type]


def test_the_published_plots_show_the_published_figures(published: dict[str, object]) -> None:
    drawn = plots.draw(published)

    assert {path.name for path in PUBLISHED.glob("*.svg")} == set(drawn)
    for name, svg in drawn.items():
        assert (PUBLISHED / name).read_text() == svg
