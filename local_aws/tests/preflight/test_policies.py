"""Policies are measured as IAM does."""

from typing import Any

from local_aws.preflight import policies
from local_aws.project.expansion import Stack
from local_aws.project.places import FACTS

TRUST = {"Version": "2012-10-17"}


def stack(resources: dict[str, Any], **values: str) -> Stack:
    return Stack("echo", {"Resources": resources}, values)


def policy(resource: Any) -> dict[str, Any]:
    return {"Statement": [{"Resource": resource}]}


def test_spaces_are_not_counted() -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": '{"a":  "b"\n}'}}

    assert policies.sizes([stack({"Role": role})])["trust-policy-characters"] == len('{"a":"b"}')


def test_a_roles_own_and_attached_policies_are_added() -> None:
    own = {"PolicyName": "a", "PolicyDocument": policy("x")}
    resources = {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": TRUST, "Policies": [own, own]},
        },
        "More": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": policy("x")}},
    }

    one = len('{"Statement":[{"Resource":"x"}]}')
    assert policies.sizes([stack(resources)])["inline-policy-characters"] == 3 * one


def test_functions_are_as_long_as_what_they_stand_for() -> None:
    managed = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": policy({"Fn::Sub": "${AWS::Region}/${Name}"})},
    }

    size = policies.sizes([stack({"Policy": managed}, Name="four")])["managed-policy-characters"]
    longest = max(map(len, FACTS.regions))
    assert size == len('{"Statement":[{"Resource":"/four"}]}') + longest


def test_what_is_not_known_counts_as_long() -> None:
    managed = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": policy({"Fn::GetAtt": ["Role", "Arn"]})},
    }

    size = policies.sizes([stack({"Policy": managed})])["managed-policy-characters"]
    assert size > len(policies.UNKNOWN)
