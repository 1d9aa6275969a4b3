"""The evaluation that the other tests trust."""

from typing import Any

import pytest

from alarm_evaluation import Datum, raised

NOW = 10_000.0
ALARM = {
    "Namespace": "N",
    "MetricName": "M",
    "Dimensions": [{"Name": "a", "Value": "1"}],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 3,
    "TreatMissingData": "notBreaching",
}


def at(second: float, *values: float, **dimensions: str) -> Datum:
    return Datum("N", "M", frozenset((dimensions or {"a": "1"}).items()), NOW - second, values)


@pytest.mark.parametrize(
    ("changes", "data", "expected"),
    [
        # One period sums up what was reported in it, wherever it begins, and no more than that.
        ({}, [at(600, 2), at(560, 2)], True),
        ({}, [at(600, 2), at(540, 2)], False),
        ({}, [at(600, 1, 1, 2)], True),
        ({}, [at(600, 3)], False),
        # A metric is its name and all its dimensions.
        ({}, [at(600, 9, a="2")], False),
        ({}, [at(600, 9, a="1", b="1")], False),
        ({"MetricName": "Other"}, [at(600, 9)], False),
        ({"Namespace": "Other"}, [at(600, 9)], False),
        # Statistics.
        ({"Statistic": "Maximum"}, [at(600, 2, 2, 2)], False),
        ({"Statistic": "Maximum"}, [at(600, 2, 4)], True),
        ({"Statistic": None, "ExtendedStatistic": "p95"}, [at(600, *[1] * 99, 9)], False),
        ({"Statistic": None, "ExtendedStatistic": "p95"}, [at(600, *[1] * 9, 9)], True),
        # Several periods must all breach, one after the other.
        ({"EvaluationPeriods": 2}, [at(600, 4), at(540, 4)], True),
        ({"EvaluationPeriods": 2}, [at(600, 4), at(540, 3)], False),
        ({"EvaluationPeriods": 2}, [at(600, 4), at(480, 4)], False),
        # Missing data.
        ({}, [], False),
        ({"TreatMissingData": "ignore"}, [], False),
        ({"TreatMissingData": "breaching"}, [], True),
        ({"TreatMissingData": "breaching"}, [at(600, 1)], True),
        ({"TreatMissingData": "breaching"}, [at(30, 1)], False),
        # The other comparison.
        ({"ComparisonOperator": "LessThanThreshold"}, [at(600, 2)], True),
        ({"ComparisonOperator": "LessThanThreshold"}, [at(600, 3)], False),
    ],
)
def test_an_alarm_is_raised_as_cloudwatch_documents_it(
    changes: dict[str, Any],
    data: list[Datum],
    expected: bool,  # noqa: FBT001 - the column of a table
) -> None:
    assert raised(ALARM | changes, data, NOW) is expected


@pytest.mark.parametrize(
    "changes", [{"Statistic": "SampleCount"}, {"ComparisonOperator": "LessThanLowerThreshold"}]
)
def test_what_is_not_known_here_is_not_taken_for_quiet(changes: dict[str, str]) -> None:
    with pytest.raises(NotImplementedError):
        raised(ALARM | changes, [at(600, 1)], NOW)
