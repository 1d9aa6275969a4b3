"""Each kind of fault is found: what the other tests call allowed or denied depends on it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.privileges.deployment.components import resources
from tests.privileges.deployment.deploy_roles import DeployRole, role_for
from tests.privileges.deployment.handlers import calls
from tests.privileges.deployment.places import ACCOUNT, PLACES, STACKS
from tests.privileges.roles import Policies, Statement, actions_of
from tests.privileges.second_evaluator import Request, SecondEvaluator

PLACE = PLACES[0]
TOPIC = PLACE.arn("sns", "OpenDevOpsCloudWatchAlarms-*")


def with_resource(policies: Policies, action: str, resource: Any) -> None:
    for statements in policies.values():
        for statement in statements:
            if statement["Effect"] == "Allow" and action in actions_of(statement):
                statement["Resource"] = resource


def renamed(policies: Policies, action: str, other: str) -> None:
    for statements in policies.values():
        for statement in statements:
            statement["Action"] = [other if a == action else a for a in actions_of(statement)]


def conditioned(policies: Policies, action: str, key: str) -> None:
    for statements in policies.values():
        for statement in statements:
            if statement["Effect"] == "Allow" and action in actions_of(statement):
                statement["Condition"] = {"StringEquals": {key: "ImageLabeller"}}


FAULTS: dict[str, tuple[str, Callable[[Policies], None], str]] = {
    "a list's item that folds into the line above": (
        "cloudwatch_alarms",
        lambda policies: with_resource(policies, "sns:CreateTopic", f"{TOPIC} - sns:Unsubscribe"),
        "sns:CreateTopic",
    ),
    "a subscription's ARN, where the topic is asked about": (
        "cloudwatch_alarms",
        lambda policies: with_resource(policies, "sns:Unsubscribe", f"{TOPIC}:*"),
        "sns:Unsubscribe",
    ),
    "a log group, for an action that knows no resource": (
        "submit_image",
        lambda policies: with_resource(
            policies,
            "logs:DescribeIndexPolicies",
            PLACE.arn("logs", "log-group:/aws/lambda/OpenDevOpsSubmitImage*"),
        ),
        "logs:DescribeIndexPolicies",
    ),
    "an action that is left out": (
        "sagemaker_endpoint",
        lambda policies: renamed(
            policies, "sagemaker:UpdateEndpointWeightsAndCapacities", "sagemaker:UpdateEndpoint"
        ),
        "sagemaker:UpdateEndpointWeightsAndCapacities",
    ),
    "an action that does not exist": (
        "dynamodb_infra",
        lambda policies: renamed(policies, "dynamodb:UpdateTimeToLive", "dynamodb:UpdateTTL"),
        "dynamodb:UpdateTimeToLive",
    ),
    "another region": (
        "s3_infra",
        lambda policies: with_resource(
            policies, "s3:CreateBucket", f"arn:aws:s3:::open-devops-images-us-east-1-{ACCOUNT}"
        ),
        "s3:CreateBucket",
    ),
    "roles without their path": (
        "submit_image",
        lambda policies: with_resource(
            policies, "iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/OpenDevOpsSubmitImage-*"
        ),
        "iam:CreateRole",
    ),
    "an account in a bucket's ARN": (
        "s3_infra",
        lambda policies: with_resource(
            policies, "s3:PutBucketPolicy", PLACE.arn("s3", f"open-devops-images-{PLACE.region}-*")
        ),
        "s3:PutBucketPolicy",
    ),
    "a condition key that the action does not know": (
        "invoke_labeller",
        lambda policies: conditioned(policies, "scheduler:CreateSchedule", "kms:ViaService"),
        "scheduler:CreateSchedule",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str, evaluator: SecondEvaluator) -> None:
    component, make, action = FAULTS[fault]
    role = role_for(STACKS[component], PLACE)
    policies = copy.deepcopy(role.policies)
    make(policies)

    assert not denied(component, role, role.policies, evaluator)
    assert action in denied(component, role, policies, evaluator)


def denied(
    component: str, role: DeployRole, policies: Policies, evaluator: SecondEvaluator
) -> set[str]:
    asked = [
        call
        for resource in resources(component, PLACE)
        for call in calls(component, resource, PLACE, role.boundary)
    ]
    allowed = evaluator.allows(
        Request(policies, call.action, call.resource, call.context) for call in asked
    )
    return {call.action for call, each in zip(asked, allowed, strict=True) if not each}


@pytest.mark.parametrize(
    ("component", "action", "resource"),
    [
        ("s3_infra", "s3:GetObject", f"{PLACE.bucket('images')}/6b7c8d9e"),
        ("s3_infra", "s3:PutObject", f"{PLACE.bucket('code')}/OpenDevOpsS3/6b7c"),
        ("dynamodb_infra", "dynamodb:GetItem", PLACE.arn("dynamodb", "table/ImageLabels")),
    ],
)
def test_without_its_denials_a_role_would_let_itself_in(
    component: str, action: str, resource: str, evaluator: SecondEvaluator
) -> None:
    role = role_for(STACKS[component], PLACE)
    allowing = {
        name: [each for each in statements if each["Effect"] == "Allow"]
        for name, statements in role.policies.items()
    }
    named: list[Statement] = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": role.arn},
            "Action": action,
            "Resource": resource,
        }
    ]

    granted = evaluator.allows(
        Request(policies, action, resource, resource_policy=named, role=role.arn)
        for policies in (role.policies, allowing)
    )

    assert granted == [False, True]
