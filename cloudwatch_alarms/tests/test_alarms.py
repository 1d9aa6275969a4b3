"""What pages the on-call engineer, and what does not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from alarm_evaluation import Datum, raised
from tests.resolver import Resolver
from tests.support import REGION

Alarms = dict[str, dict[str, Any]]
NOW = 1_000_000.0
MINUTE, HOUR = 60, 3600
FAULT = ([0], [1])
# By alarm: what is reported in each minute without a page, and what is too much.
PAGES: dict[str, tuple[Sequence[float], Sequence[float]]] = {
    # Atlassian's tutorial alarms on more than ten submissions in a minute.
    "SubmissionsTooHighAlarm": ([10, 10, 10], [11]),
    "SubmitImageErrorsTooHighAlarm": FAULT,
    "GetImageLabelErrorsTooHighAlarm": FAULT,
    "InvokeLabellerErrorsTooHighAlarm": FAULT,
    "SweepErrorsTooHighAlarm": FAULT,
    "SubmitImageThrottlesTooHighAlarm": FAULT,
    "GetImageLabelThrottlesTooHighAlarm": FAULT,
    "InvokeLabellerThrottlesTooHighAlarm": FAULT,
    "SweepThrottlesTooHighAlarm": FAULT,
    # Five minutes' delay, for five minutes.
    "StreamDelayTooHighAlarm": ([400_000] * 4 + [0], [300_001] * 5),
    "DeadLettersTooHighAlarm": FAULT,
    # Photographs of users are broken now and then.
    "ImagesFailedTooHighAlarm": ([1, 1, 1, 1, 1], [2, 1, 1, 1, 1]),
    "ImagesAbandonedTooHighAlarm": FAULT,
    "SubmitImageServerErrorsTooHighAlarm": FAULT,
    "GetImageLabelServerErrorsTooHighAlarm": FAULT,
    # The slowest twentieth, for a quarter of an hour.
    "LookupsTooSlowAlarm": ([9_000] * 10 + [10] * 5, [3_001] * 15),
    # Retries make up for a few.
    "EndpointErrorsTooHighAlarm": ([1, 1, 1, 1, 1], [2, 1, 1, 1, 1]),
    "ModelErrorsTooHighAlarm": ([1, 1, 1, 1, 1], [2, 1, 1, 1, 1]),
    "TableReadsThrottledAlarm": ([2, 2, 2, 2, 2], [3, 2, 2, 2, 2]),
    "TableWritesThrottledAlarm": ([2, 2, 2, 2, 2], [3, 2, 2, 2, 2]),
    "PagesUndeliveredAlarm": FAULT,
}
# These report how much; all others report each occurrence as a one.
MAGNITUDES = {"StreamDelayTooHighAlarm", "DeadLettersTooHighAlarm", "LookupsTooSlowAlarm"}
# Whose exports an alarm watches whose name begins so.
WATCHED = {
    "SubmitImage": "OpenDevOpsSubmitImage-",
    "GetImageLabel": "OpenDevOpsGetImageLabel-",
    "Lookups": "OpenDevOpsGetImageLabel-",
    "InvokeLabeller": "OpenDevOpsInvokeLabeller-FunctionName",
    "Stream": "OpenDevOpsInvokeLabeller-FunctionName",
    "SweepErrors": "OpenDevOpsInvokeLabeller-SweepFunctionName",
    "SweepThrottles": "OpenDevOpsInvokeLabeller-SweepFunctionName",
    "DeadLetters": "OpenDevOpsInvokeLabeller-DeadLetterQueueName",
    "Table": "OpenDevOpsDynamoDB-TableName",
}
# What AWS counts for a function or an API, whoever calls it.
VOLUMES = {"Invocations", "Count", "ConcurrentExecutions", "4XXError", "NumberOfMessagesSent"}


def reported(alarm: dict[str, Any], values: Sequence[float]) -> list[Datum]:
    """The values of the alarm's metric, one a minute, the last one just now."""
    dimensions = frozenset((each["Name"], each["Value"]) for each in alarm["Dimensions"])
    begun = NOW - MINUTE * len(values) + 1
    return [
        Datum(alarm["Namespace"], alarm["MetricName"], dimensions, begun + MINUTE * n, (value,))
        for n, value in enumerate(values)
    ]


def one_by_one(data: list[Datum]) -> list[Datum]:
    return [replace(each, values=(1.0,) * int(each.values[0])) for each in data]


@pytest.mark.parametrize(("name", "example"), PAGES.items(), ids=PAGES)
def test_it_pages_for_too_much_and_not_for_what_is_borne(
    alarms: Alarms, name: str, example: tuple[Sequence[float], Sequence[float]]
) -> None:
    borne, too_much = (reported(alarms[name], values) for values in example)
    if name not in MAGNITUDES:
        borne, too_much = map(one_by_one, (borne, too_much))

    assert not raised(alarms[name], borne, NOW)
    assert raised(alarms[name], too_much, NOW)
    assert not raised(alarms[name], [], NOW)


def test_a_sweep_that_does_not_run_for_an_hour_pages(alarms: Alarms) -> None:
    alarm = alarms["SweepStoppedAlarm"]

    assert raised(alarm, [], NOW)
    assert raised(alarm, reported(alarm, [1] + [0] * HOUR), NOW)
    assert not raised(alarm, reported(alarm, [1, 0, 0]), NOW)


@pytest.mark.parametrize(
    ("name", "values"),
    [("StreamDelayTooHighAlarm", (200_000, 200_000)), ("DeadLettersTooHighAlarm", (0, 0))],
)
def test_what_waits_is_not_added_up(alarms: Alarms, name: str, values: tuple[int, ...]) -> None:
    alarm = alarms[name]
    data = [replace(each, values=values) for each in reported(alarm, [0] * 5)]

    assert alarm["Statistic"] == "Maximum"
    assert not raised(alarm, data, NOW)


def test_every_alarm_has_an_example(alarms: Alarms) -> None:
    assert set(alarms) == {*PAGES, "SweepStoppedAlarm"}


def test_an_alarm_watches_what_its_name_says(alarms: Alarms) -> None:
    for prefix, export in WATCHED.items():
        named = [each for name, each in alarms.items() if name.startswith(prefix)]
        assert named, prefix
        for alarm in named:
            if alarm["Namespace"] != "ImageLabeller":
                assert alarm["Dimensions"][0]["Value"].startswith(f"import:{export}")


def test_no_two_alarms_watch_the_same(alarms: Alarms) -> None:
    watched = [
        (alarm["Namespace"], alarm["MetricName"], str(alarm["Dimensions"]))
        for alarm in alarms.values()
    ]

    assert len(set(watched)) == len(watched)


def test_no_alarm_counts_the_calls_of_the_system_tests(alarms: Alarms) -> None:
    """AWS's metrics tell no caller from another; the application's own do, by a dimension."""
    counting = {name: each for name, each in alarms.items() if each["MetricName"] in VOLUMES}
    ours = [each for each in alarms.values() if each["Namespace"] == "ImageLabeller"]

    assert counting == {}
    assert ours
    assert all([each["Name"] for each in alarm["Dimensions"]] == ["service"] for alarm in ours)


def test_a_few_slow_lookups_at_night_page_nobody(alarms: Alarms) -> None:
    """A percentile of fewer than 20 values is one of them."""
    assert alarms["LookupsTooSlowAlarm"]["EvaluateLowSampleCountPercentile"] == "ignore"


def test_all_go_to_the_pager_but_the_one_about_the_pager(
    alarms: Alarms, template: dict[str, Any]
) -> None:
    topics = {name: each["AlarmActions"] for name, each in alarms.items()}
    without_fallback = Resolver(template, {}).properties("AWS::CloudWatch::Alarm")

    assert topics.pop("PagesUndeliveredAlarm") == ["AWS::SNS::Topic/FallbackTopic"]
    assert all(each == ["AWS::SNS::Topic/Topic"] for each in topics.values())
    assert without_fallback["PagesUndeliveredAlarm"]["AlarmActions"] == ["AWS::SNS::Topic/Topic"]


@mock_aws
def test_cloudwatch_takes_every_alarm_as_it_is_written(
    alarms: Alarms, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    cloudwatch = boto3.client("cloudwatch", REGION)

    # When
    for name, properties in alarms.items():
        numbers = {key: int(properties[key]) for key in ("Period", "EvaluationPeriods")}
        cloudwatch.put_metric_alarm(AlarmName=name, **{**properties, **numbers})

    # Then
    described = cloudwatch.describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in described} == set(alarms)
    assert all(alarm["ActionsEnabled"] for alarm in described)
