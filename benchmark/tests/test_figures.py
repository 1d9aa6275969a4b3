import pytest

from benchmark import figures
from benchmark.figures import BY_NAME, FIGURES

ROUND = {
    "now": {
        "pipeline.rate": 40.0,
        "pipeline.endpoint_rate": 50.0,
        "pipeline.tutorial_rate": 10.0,
        "endpoint.p50": 0.030,
        "endpoint.bare_p50": 0.029,
    },
    "abc": {"pipeline.rate": 20.0, "pipeline.endpoint_rate": 25.0, "pipeline.tutorial_rate": 10.0},
}


def values(name: str, of: str) -> list[float]:
    found = figures.derive([ROUND], {"now": {"deployment.second_demo": 2.0}})
    return [
        value
        for each in found
        if (each["name"], each["of"]) == (name, of)
        for value in each["values"]
    ]


def test_a_figure_is_derived_from_its_round() -> None:
    assert values("tutorial", "now") == [4.0]
    assert values("endpoint-latency", "now") == pytest.approx([1.0])


def test_a_former_pipeline_is_compared_with_the_endpoint_of_now() -> None:
    assert values("pipeline", "abc") == [0.4]


def test_what_was_taken_once_is_a_figure_too() -> None:
    assert values("second-demo", "now") == [2.0]


def test_what_was_not_measured_is_left_out() -> None:
    assert values("endpoint-latency", "abc") == []
    assert values("package-submit", "now") == []


def test_each_figure_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(FIGURES)


@pytest.mark.parametrize(
    ("name", "value", "met"),
    [
        ("pipeline", 0.80, True),
        ("pipeline", 0.79, False),
        ("endpoint-latency", 1.5, True),
        ("endpoint-latency", 1.6, False),
        ("second-demo", 2.0, None),
    ],
)
def test_a_goal_is_met_or_missed(name: str, value: float, *, met: bool | None) -> None:
    assert BY_NAME[name].is_met(value) is met


def test_a_value_is_shown_with_its_unit() -> None:
    assert BY_NAME["package-submit"].text(1.234) == "1.23 MB"
    assert BY_NAME["package-submit"].goal == "≤ 1.70 MB"
    assert BY_NAME["pipeline"].goal == "≥ 0.80"
    assert BY_NAME["second-demo"].goal == ""


def test_what_is_taken_once_is_shown_without_any_round() -> None:
    [figure] = figures.derive([{}], {"now": {"deployment.second_demo": 1.5}})

    assert figure["name"] == "second-demo"
