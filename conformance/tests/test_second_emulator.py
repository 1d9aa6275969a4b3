from typing import Any

import pytest

from conformance import second_emulator
from conformance.deployments import Deployment, stacks
from conformance.intrinsics import Resolver
from conformance.physical import Place
from conformance.second_emulator import RefusedError

PLACE = Place("us-west-1", "Stack")
ROLE: dict[str, Any] = {
    "Type": "AWS::IAM::Role",
    "DependsOn": ["Queue", "Other"],
    "Properties": {
        "A": {"Ref": "Queue"},
        "B": {"Fn::GetAtt": ["Queue", "Arn"]},
        "C": {"Fn::Sub": "${Queue.Arn}/${Other}/${!Queue}"},
        "D": {"Fn::Sub": ["${Queue}${x}", {"x": {"Ref": "Queue"}}]},
        "E": [{"Ref": "Other"}],
    },
}
ARN = "arn:aws:sqs:us-west-1:123456789012:Stack-Queue-1A2B3C4D5E6F"
URL = "https://sqs.us-west-1.amazonaws.com/123456789012/Stack-Queue-1A2B3C4D5E6F"


def test_what_refers_to_what_was_taken_out_gets_its_value() -> None:
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Role": ROLE}}

    left = second_emulator.without(template, frozenset({"AWS::SQS::Queue"}), PLACE)

    assert set(left["Resources"]) == {"Role"}
    assert left["Resources"]["Role"]["DependsOn"] == ["Other"]
    assert left["Resources"]["Role"]["Properties"] == {
        "A": URL,
        "B": ARN,
        "C": {"Fn::Sub": f"{ARN}/${{Other}}/${{!Queue}}"},
        "D": {"Fn::Sub": [f"{URL}${{x}}", {"x": URL}]},
        "E": [{"Ref": "Other"}],
    }


def test_what_is_no_value_is_taken_out_of_lists() -> None:
    resolver = Resolver(
        {"Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}}}, {}, PLACE.physical, str
    )
    nothing = {"Ref": "AWS::NoValue"}
    node = {"A": [{"Fn::If": ["Yes", nothing, 1]}, {"Fn::If": ["Yes", [nothing, 2], nothing]}, 3]}

    assert second_emulator.chosen(node, resolver) == {"A": [[2], 3]}


def test_a_stack_that_is_refused_says_why() -> None:
    # Nobody exports what it imports.
    deployment = Deployment(
        stacks()["OpenDevOpsInvokeLabeller"], "OpenDevOpsInvokeLabeller", "us-west-1"
    )

    with second_emulator.emulator(), pytest.raises(RefusedError, match="No export named"):
        second_emulator.create(deployment)
