"""Parameters decide which resources there are, as in CloudFormation."""

from typing import Any

import pytest

from local_aws.errors import CloudError
from local_aws.project.expansion import Stack

TEMPLATE: dict[str, Any] = {
    "Conditions": {
        "On": {"Fn::Equals": [{"Ref": "Mode"}, "on"]},
        "Off": {"Fn::Not": [{"Condition": "On"}]},
        "Both": {"Fn::And": [{"Condition": "On"}, {"Condition": "Off"}]},
        "Either": {"Fn::Or": [{"Condition": "On"}, {"Condition": "Off"}]},
        "Regional": {
            "Fn::Equals": [
                {"Fn::Select": [0, {"Fn::Split": ["{region}", {"Ref": "Url"}]}]},
                {"Ref": "Url"},
            ]
        },
        "Unknown": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-west-1"]},
    },
    "Resources": {
        "Api": {"Type": "AWS::Serverless::Api", "Properties": {}},
        "Topic": {"Type": "AWS::SNS::Topic", "Condition": "On", "Properties": {"Size": 1}},
        "Queue": {"Type": "AWS::SQS::Queue", "Condition": "Off"},
    },
}


def stack(**values: str) -> Stack:
    return Stack("echo", TEMPLATE, {"Mode": "off", "Url": "s3://x", **values})


@pytest.mark.parametrize(
    ("mode", "condition", "holds"),
    [
        ("on", "On", True),
        ("off", "On", False),
        ("off", "Off", True),
        ("on", "Both", False),
        ("on", "Either", True),
    ],
)
def test_conditions_are_evaluated(mode: str, condition: str, *, holds: bool) -> None:
    assert stack(Mode=mode).holds({"Condition": condition}) is holds


def test_a_text_may_be_split_in_a_condition() -> None:
    assert stack(Url="s3://x").holds({"Condition": "Regional"})
    assert not stack(Url="s3://x-{region}/y").holds({"Condition": "Regional"})


def test_what_a_condition_excludes_is_not_there() -> None:
    assert stack(Mode="on").count("AWS::SNS::Topic", "AWS::SQS::Queue") == 1
    assert list(stack(Mode="off").resources) == ["Api", "Queue"]


def test_what_the_transform_makes_is_counted() -> None:
    assert stack().count("AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage") == 2
    assert stack().count("AWS::Serverless::Api") == 0


def test_no_value_is_left_out() -> None:
    value = {"a": {"Fn::If": ["On", 1, {"Ref": "AWS::NoValue"}]}, "b": [{"Ref": "AWS::NoValue"}, 2]}

    assert stack(Mode="on").resolve(value) == {"a": 1, "b": [2]}
    assert stack(Mode="off").resolve(value) == {"b": [2]}


def test_a_number_may_be_a_parameter() -> None:
    assert stack(Size="7").number({"Ref": "Size"}) == 7


def test_a_condition_that_cannot_be_known_is_reported() -> None:
    with pytest.raises(CloudError, match=r"echo/template.yml: .* cannot be evaluated"):
        stack().holds({"Fn::Contains": []})
