import xml.etree.ElementTree as ET

from benchmark import plots
from tests.examples import results


def test_the_same_results_give_the_same_bytes() -> None:
    assert plots.draw(results("fd9562b")) == plots.draw(results("fd9562b"))


def test_a_plot_is_a_picture_that_names_no_date_and_loads_nothing() -> None:
    drawn = plots.draw(results("fd9562b"))

    assert set(drawn) == {"goals.svg", "processor.svg", "api.svg"}
    for svg in drawn.values():
        assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 # our own
        assert "<dc:date>" not in svg
        assert "<image" not in svg
        assert "@import" not in svg


def test_each_goal_and_each_commit_is_named() -> None:
    svg = plots.draw(results("fd9562b"))["goals.svg"]

    assert "endpoint throughput" in svg
    assert "goal ≥ 0.93" in svg
    assert "fd9562b" in svg


def test_what_was_not_measured_is_not_drawn() -> None:
    some = results()
    some["figures"] = [each for each in some["figures"] if each["name"] == "pipeline"]

    assert set(plots.draw(some)) == {"goals.svg"}
