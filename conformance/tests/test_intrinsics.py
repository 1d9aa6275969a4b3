from typing import Any

import pytest

from conformance.intrinsics import Resolver, UnresolvedError

TEMPLATE = {
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Size"}, "5"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
    },
    "Mappings": {"Sizes": {"small": {"mb": 128}}},
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Never": {"Type": "AWS::SQS::Queue", "Condition": "No"},
    },
}


@pytest.fixture
def resolver() -> Resolver:
    return Resolver(
        TEMPLATE,
        {"Size": 5, "AWS::Region": "us-west-1"},
        lambda kind, name, attribute: f"{kind}/{name}/{attribute}",
        lambda name: f"import {name}",
    )


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Size"}, 5),
        ({"Ref": "Queue"}, "AWS::SQS::Queue/Queue/"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "AWS::SQS::Queue/Queue/Arn"),
        ({"Fn::GetAtt": "Queue.Arn"}, "AWS::SQS::Queue/Queue/Arn"),
        ({"Fn::Sub": "${Size} ${Queue.Arn} ${!Size}"}, "5 AWS::SQS::Queue/Queue/Arn ${Size}"),
        ({"Fn::Sub": ["${a}-${Size}", {"a": {"Ref": "Size"}}]}, "5-5"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Size"}]]}, "a-5"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", "a/b"]}]}, "b"),
        ({"Fn::If": ["Yes", "a", "b"]}, "a"),
        ({"Fn::If": ["No", "a", "b"]}, "b"),
        ({"Fn::If": ["Both", "a", "b"]}, "b"),
        ({"Fn::If": ["Either", "a", "b"]}, "a"),
        ({"Fn::ImportValue": {"Fn::Sub": "x-${Size}"}}, "import x-5"),
        ({"Fn::FindInMap": ["Sizes", "small", "mb"]}, 128),
        ({"Fn::Base64": "a"}, "YQ=="),
        ({"Fn::GetAZs": ""}, ["us-west-1a", "us-west-1b"]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
        (
            {"Condition": {"StringEquals": {"a": {"Ref": "Size"}}}},
            {"Condition": {"StringEquals": {"a": 5}}},
        ),
    ],
)
def test_intrinsic_functions_are_worked_out(resolver: Resolver, node: Any, value: Any) -> None:
    assert resolver.resolve(node) == value


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"Ref": "Nobody"}, "Nobody"),
        ({"Fn::GetAtt": ["Nobody", "Arn"]}, "Nobody"),
        ({"Fn::If": ["Maybe", 1, 2]}, "Maybe"),
        ({"Fn::Cidr": []}, "Fn::Cidr"),
    ],
)
def test_what_has_no_value_is_named(resolver: Resolver, node: Any, message: str) -> None:
    with pytest.raises(UnresolvedError, match=message):
        resolver.resolve(node)


def test_only_what_the_conditions_leave_is_created(resolver: Resolver) -> None:
    assert set(resolver.resources()) == {"Queue"}
