import operator
from typing import Any, NamedTuple

import boto3
import pytest
from moto import mock_aws

from tests.resolver import Resolver
from tests.support import REGION

SUBMIT, LOOKUP, LABELLER = (
    f"import:OpenDevOps{name}" for name in ("SubmitImage", "GetImageLabel", "InvokeLabeller")
)
SUBMIT_IMAGE = {"FunctionName": f"{SUBMIT}-FunctionName"}
GET_IMAGE_LABEL = {"FunctionName": f"{LOOKUP}-FunctionName"}
INVOKE_LABELLER = {"FunctionName": f"{LABELLER}-FunctionName"}
SWEEP = {"FunctionName": f"{LABELLER}-SweepFunctionName"}
SUBMIT_API = {"ApiName": f"{SUBMIT}-ApiName", "Stage": f"{SUBMIT}-StageName"}
LOOKUP_API = {"ApiName": f"{LOOKUP}-ApiName", "Stage": f"{LOOKUP}-StageName"}
APPLICATION = {"service": "invoke_labeller"}
ENDPOINT = {"EndpointName": "open-devops-image-labeller", "VariantName": "AllTraffic"}
TABLE = {"TableName": "import:OpenDevOpsDynamoDB-TableName"}

COMPARISONS = {
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
}


class Watched(NamedTuple):
    """What an alarm watches, and the parameter that says when it is too much."""

    namespace: str
    metric: str
    dimensions: dict[str, str]
    parameter: str


WATCHED = {
    "SubmissionsTooHighAlarm": Watched(
        "AWS/Lambda", "Invocations", SUBMIT_IMAGE, "SubmissionsPerMinute"
    ),
    "SubmitImageErrorsTooHighAlarm": Watched(
        "AWS/Lambda", "Errors", SUBMIT_IMAGE, "FunctionErrors"
    ),
    "GetImageLabelErrorsTooHighAlarm": Watched(
        "AWS/Lambda", "Errors", GET_IMAGE_LABEL, "FunctionErrors"
    ),
    "InvokeLabellerErrorsTooHighAlarm": Watched(
        "AWS/Lambda", "Errors", INVOKE_LABELLER, "FunctionErrors"
    ),
    "SweepErrorsTooHighAlarm": Watched("AWS/Lambda", "Errors", SWEEP, "FunctionErrors"),
    "SubmitImageThrottlesTooHighAlarm": Watched(
        "AWS/Lambda", "Throttles", SUBMIT_IMAGE, "FunctionThrottles"
    ),
    "GetImageLabelThrottlesTooHighAlarm": Watched(
        "AWS/Lambda", "Throttles", GET_IMAGE_LABEL, "FunctionThrottles"
    ),
    "InvokeLabellerThrottlesTooHighAlarm": Watched(
        "AWS/Lambda", "Throttles", INVOKE_LABELLER, "FunctionThrottles"
    ),
    "SweepThrottlesTooHighAlarm": Watched("AWS/Lambda", "Throttles", SWEEP, "FunctionThrottles"),
    "StreamDelayTooHighAlarm": Watched(
        "AWS/Lambda", "IteratorAge", INVOKE_LABELLER, "StreamDelayMilliseconds"
    ),
    "SweepStoppedAlarm": Watched("AWS/Lambda", "Invocations", SWEEP, "SweepSilenceSeconds"),
    "DeadLettersTooHighAlarm": Watched(
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": f"{LABELLER}-DeadLetterQueueName"},
        "DeadLetters",
    ),
    "ImagesFailedTooHighAlarm": Watched(
        "ImageLabeller", "ImagesFailed", APPLICATION, "FailedImages"
    ),
    "ImagesAbandonedTooHighAlarm": Watched(
        "ImageLabeller", "ImagesAbandoned", APPLICATION, "AbandonedImages"
    ),
    "SubmitImageServerErrorsTooHighAlarm": Watched(
        "AWS/ApiGateway", "5XXError", SUBMIT_API, "ServerErrors"
    ),
    "GetImageLabelServerErrorsTooHighAlarm": Watched(
        "AWS/ApiGateway", "5XXError", LOOKUP_API, "ServerErrors"
    ),
    "LookupsTooSlowAlarm": Watched("AWS/ApiGateway", "Latency", LOOKUP_API, "LookupMilliseconds"),
    "EndpointErrorsTooHighAlarm": Watched(
        "AWS/SageMaker", "Invocation5XXErrors", ENDPOINT, "EndpointErrors"
    ),
    "ModelErrorsTooHighAlarm": Watched(
        "AWS/SageMaker", "InvocationModelErrors", ENDPOINT, "EndpointErrors"
    ),
    "TableReadsThrottledAlarm": Watched(
        "AWS/DynamoDB", "ReadThrottleEvents", TABLE, "TableThrottles"
    ),
    "TableWritesThrottledAlarm": Watched(
        "AWS/DynamoDB", "WriteThrottleEvents", TABLE, "TableThrottles"
    ),
    "PagesUndeliveredAlarm": Watched(
        "AWS/SNS",
        "NumberOfNotificationsFailed",
        {"TopicName": "AWS::SNS::Topic/Topic.TopicName"},
        "UndeliveredPages",
    ),
}
MAXIMA = ("StreamDelayTooHighAlarm", "DeadLettersTooHighAlarm")


def raised(alarm: dict[str, Any], value: float) -> bool:
    """Whether the alarm is raised by a period with this value of its statistic."""
    assert alarm["EvaluationPeriods"] == 1
    return bool(COMPARISONS[alarm["ComparisonOperator"]](value, alarm["Threshold"]))


def test_every_alarm_is_known_here(alarms: dict[str, dict[str, Any]]) -> None:
    assert set(alarms) == set(WATCHED)


@pytest.mark.parametrize(("name", "watched"), WATCHED.items(), ids=WATCHED)
class TestEveryAlarm:
    def test_watches_what_its_name_says(
        self, alarms: dict[str, dict[str, Any]], name: str, watched: Watched
    ) -> None:
        alarm = alarms[name]
        assert (alarm["Namespace"], alarm["MetricName"]) == (watched.namespace, watched.metric)
        assert {each["Name"]: each["Value"] for each in alarm["Dimensions"]} == watched.dimensions

    def test_takes_its_threshold_from_its_parameter(
        self, template: dict[str, Any], name: str, watched: Watched
    ) -> None:
        property_name = "Period" if name == "SweepStoppedAlarm" else "Threshold"
        properties = template["Resources"][name]["Properties"]
        assert properties[property_name] == {"Ref": watched.parameter}

    def test_has_the_statistic_that_fits_what_it_counts(
        self, alarms: dict[str, dict[str, Any]], name: str, watched: Watched
    ) -> None:
        del watched
        if name == "LookupsTooSlowAlarm":
            assert "Statistic" not in alarms[name]
            assert alarms[name]["ExtendedStatistic"] == "p95"
            assert alarms[name]["EvaluateLowSampleCountPercentile"] == "ignore"
        else:
            assert alarms[name]["Statistic"] == ("Maximum" if name in MAXIMA else "Sum")

    def test_says_what_is_wrong_and_what_to_do(
        self, alarms: dict[str, dict[str, Any]], name: str, watched: Watched
    ) -> None:
        del watched
        assert len(alarms[name]["AlarmDescription"].split(". ")) == 2
        assert alarms[name]["AlarmDescription"].endswith(".")

    def test_tells_of_the_end_whom_it_told_of_the_beginning(
        self, alarms: dict[str, dict[str, Any]], name: str, watched: Watched
    ) -> None:
        del watched
        topic = "FallbackTopic" if name == "PagesUndeliveredAlarm" else "Topic"
        assert alarms[name]["AlarmActions"] == [f"AWS::SNS::Topic/{topic}"]
        assert alarms[name]["OKActions"] == alarms[name]["AlarmActions"]

    def test_knows_what_silence_means(
        self, alarms: dict[str, dict[str, Any]], name: str, watched: Watched
    ) -> None:
        expected = {
            "SweepStoppedAlarm": "breaching",
            "TableReadsThrottledAlarm": "ignore",
            "TableWritesThrottledAlarm": "ignore",
        }
        # CloudWatch ignores missing data of DynamoDB; another value would promise what is not kept.
        assert (watched.namespace == "AWS/DynamoDB") == (expected.get(name) == "ignore")
        assert alarms[name]["TreatMissingData"] == expected.get(name, "notBreaching")

    def test_has_a_period_that_cloudwatch_accepts(
        self, alarms: dict[str, dict[str, Any]], name: str, watched: Watched
    ) -> None:
        del watched
        period, periods = int(alarms[name]["Period"]), alarms[name]["EvaluationPeriods"]
        assert period % 60 == 0
        assert period * periods <= 86_400


def test_eleven_submissions_in_a_minute_raise_the_guides_alarm(
    alarms: dict[str, dict[str, Any]],
) -> None:
    alarm = alarms["SubmissionsTooHighAlarm"]
    assert (alarm["Period"], alarm["Statistic"]) == (60, "Sum")
    assert not raised(alarm, 10)
    assert raised(alarm, 11)


@pytest.mark.parametrize(
    "name",
    [
        "SubmitImageErrorsTooHighAlarm",
        "InvokeLabellerThrottlesTooHighAlarm",
        "SubmitImageServerErrorsTooHighAlarm",
        "DeadLettersTooHighAlarm",
        "ImagesAbandonedTooHighAlarm",
        "PagesUndeliveredAlarm",
    ],
)
def test_the_first_fault_of_ours_is_one_too_many(
    alarms: dict[str, dict[str, Any]], name: str
) -> None:
    assert not raised(alarms[name], 0)
    assert raised(alarms[name], 1)


def test_one_broken_photograph_pages_nobody(alarms: dict[str, dict[str, Any]]) -> None:
    assert not raised(alarms["ImagesFailedTooHighAlarm"], 1)


def test_a_sweep_that_runs_once_has_not_stopped(alarms: dict[str, dict[str, Any]]) -> None:
    assert not raised(alarms["SweepStoppedAlarm"], 1)
    assert raised(alarms["SweepStoppedAlarm"], 0)


def test_without_a_fallback_the_topic_hears_of_its_own_failure(template: dict[str, Any]) -> None:
    # Given
    stack = Resolver(template, {})

    # When
    alarm = stack.properties("AWS::CloudWatch::Alarm")["PagesUndeliveredAlarm"]

    # Then
    assert alarm["AlarmActions"] == alarm["OKActions"] == ["AWS::SNS::Topic/Topic"]


@mock_aws
def test_cloudwatch_takes_every_alarm_as_it_is_written(
    alarms: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
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
