"""A pipeline's role may do what its deployment asks for, on what is its own, and no more."""

import copy
from typing import Any

import pytest

from tests.privileges.deployment import pipeline_calls
from tests.privileges.deployment.deploy_roles import role_for, suite_role_for
from tests.privileges.deployment.needs import (
    NAMELESS,
    NEEDED_AS_WELL,
    Need,
    foreign_to,
    needs_of,
    superfluous,
    too_far,
)
from tests.privileges.deployment.patterns import listed
from tests.privileges.deployment.places import OF_EACH, PLACES, STACKS, SYSTEM_TESTS, Place
from tests.privileges.roles import Policies, Statement, actions_of

HERE = PLACES[0]


def found(component: str, policies: Policies, place: Place = HERE) -> set[str]:
    statements = [each for of_one in policies.values() for each in of_one]
    needs = needs_of(component, place)
    foreign = foreign_to(component, place, needs)
    return {*superfluous(statements, needs), *too_far(statements, needs, foreign)}


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
@pytest.mark.parametrize("component", STACKS)
def test_a_deploy_role_is_allowed_what_its_deployment_asks_for(
    component: str, place: Place
) -> None:
    assert found(component, role_for(STACKS[component], place).policies, place) == set()


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
def test_the_suite_s_role_is_allowed_what_the_suite_asks_for(place: Place) -> None:
    statements = suite_statements(place)
    needs = suite_needs(place)

    assert set(superfluous(statements, needs)) == set()
    assert set(too_far(statements, needs, suite_foreign(place))) == set()


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:Scan", HERE.arn("dynamodb", "table/ImageLabels")),
        ("execute-api:Invoke", HERE.arn("execute-api", "*")),
        ("lambda:InvokeFunction", HERE.arn("lambda", "function:OpenDevOps*")),
        ("s3:GetObject", f"{HERE.bucket('code')}/*"),
        ("s3:GetObject", f"{HERE.bucket('images')}/*"),
        ("cloudformation:DescribeStacks", HERE.arn("cloudformation", "stack/*")),
    ],
)
def test_a_wider_role_of_the_suite_is_found(action: str, resource: str) -> None:
    needs = suite_needs(HERE)
    added: list[Statement] = [{"Effect": "Allow", "Action": action, "Resource": resource}]

    assert [*superfluous(added, needs), *too_far(added, needs, suite_foreign(HERE))] != []


# Component, action and resource of one more statement.
WIDENINGS: list[tuple[str, str, str]] = [
    *(
        ("submit_image", f"cloudformation:{action}", HERE.arn("cloudformation", f"stack/{stacks}"))
        for action in ("UpdateStack", "UpdateTerminationProtection", "DeleteStack", "GetTemplate")
        for stacks in ("OpenDevOps*/*", "*", "OpenDevOpsGetImageLabel/*")
    ),
    ("submit_image", "cloudformation:UpdateStack", HERE.arn("cloudformation", "stack/*")),
    ("submit_image", "apigateway:GET", f"arn:aws:apigateway:{HERE.region}::/account"),
    ("get_image_label", "apigateway:PATCH", f"arn:aws:apigateway:{HERE.region}::/account"),
    ("submit_image", "apigateway:POST", f"arn:aws:apigateway:{HERE.region}::/domainnames/*"),
    ("submit_image", "apigateway:DELETE", f"arn:aws:apigateway:{HERE.region}::/*"),
    ("submit_image", "s3:GetObject*", f"{HERE.bucket('code')}/*"),
    ("submit_image", "s3:GetObject", f"{HERE.bucket('code')}/*"),
    ("submit_image", "s3:PutObject", f"{HERE.bucket('code')}/OpenDevOps*"),
    ("submit_image", "s3:GetObject", f"{HERE.bucket('images')}/*"),
    ("invoke_labeller", "lambda:AddPermission", HERE.arn("lambda", "function:*")),
    (
        "invoke_labeller",
        "lambda:AddPermission",
        HERE.arn("lambda", "function:OpenDevOpsInvokeLabeller-*"),
    ),
    (
        "invoke_labeller",
        "lambda:CreateFunctionUrlConfig",
        HERE.arn("lambda", "function:OpenDevOpsInvokeLabeller-*"),
    ),
    ("get_image_label", "lambda:UpdateFunctionCode", HERE.arn("lambda", "function:OpenDevOps*")),
    ("invoke_labeller", "sqs:DeleteQueue", HERE.arn("sqs", "OpenDevOps*")),
    ("invoke_labeller", "sqs:ReceiveMessage", HERE.arn("sqs", "OpenDevOpsInvokeLabeller-*")),
    ("invoke_labeller", "scheduler:DeleteSchedule", HERE.arn("scheduler", "schedule/default/*")),
    ("cloudwatch_alarms", "cloudwatch:DeleteAlarms", HERE.arn("cloudwatch", "alarm:OpenDevOps*")),
    ("cloudwatch_alarms", "sns:Publish", HERE.arn("sns", "OpenDevOpsCloudWatchAlarms-*")),
    ("cloudwatch_alarms", "sns:Subscribe", HERE.arn("sns", "*")),
    ("s3_infra", "s3:PutBucketPolicy", "arn:aws:s3:::*"),
    ("s3_infra", "s3:GetObject", f"{HERE.bucket('images')}/*"),
    ("s3_infra", "s3:PutBucketAcl", HERE.bucket("images")),
    ("dynamodb_infra", "dynamodb:UpdateTable", HERE.arn("dynamodb", "table/*")),
    ("dynamodb_infra", "dynamodb:GetItem", HERE.arn("dynamodb", "table/ImageLabels")),
    ("sagemaker_endpoint", "sagemaker:DeleteEndpoint", HERE.arn("sagemaker", "endpoint/*")),
    ("sagemaker_endpoint", "sagemaker:CreateNotebookInstance", "*"),
    ("sagemaker_endpoint", "logs:DeleteLogGroup", HERE.arn("logs", "log-group:*")),
    ("submit_image", "logs:FilterLogEvents", HERE.arn("logs", "log-group:*")),
    ("submit_image", "iam:DeleteRole", "arn:aws:iam::123456789012:role/imagelabeller/*"),
    ("submit_image", "iam:PassRole", "*"),
    ("submit_image", "ssm:GetParameter", "*"),
]


@pytest.mark.parametrize(("component", "action", "resource"), WIDENINGS)
def test_a_wider_deploy_role_is_found(component: str, action: str, resource: str) -> None:
    added: Statement = {"Effect": "Allow", "Action": action, "Resource": resource}

    assert found(component, {"Added": [added]}) != set()


def test_a_condition_is_no_reason_to_reach_everything() -> None:
    added: Statement = {
        "Effect": "Allow",
        "Action": "sqs:DeleteQueue",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": HERE.region}},
    }

    assert found("invoke_labeller", {"Added": [added]}) != set()


@pytest.mark.parametrize("component", STACKS)
def test_a_statement_that_says_what_it_leaves_out_is_found(component: str) -> None:
    policies = copy.deepcopy(role_for(STACKS[component], HERE).policies)
    policies["StackPolicy"][0]["NotAction"] = policies["StackPolicy"][0].pop("Action")

    with_resource: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject"}
    assert superfluous_forms(policies)
    assert superfluous_forms({"Added": [with_resource | {"NotResource": "*"}]})


def superfluous_forms(policies: Policies) -> list[str]:
    statements = [each for of_one in policies.values() for each in of_one]
    return [each for each in superfluous(statements, set()) if "say what is allowed" in each]


def test_every_exception_is_one_that_a_role_needs() -> None:
    held = {
        (action, resource)
        for stack in STACKS.values()
        for statements in role_for(stack, HERE).policies.values()
        for statement in statements
        if statement["Effect"] == "Allow"
        for action in actions_of(statement)
        for resource in listed(statement["Resource"])
    }

    for action, (end, _) in NEEDED_AS_WELL.items():
        assert any(name == action and on.endswith(end) for name, on in held)
    for beginning, end in NAMELESS:
        assert any(name.startswith(beginning) and on.endswith(end) for name, on in held)


def suite_statements(place: Place) -> list[Statement]:
    policies = suite_role_for(SYSTEM_TESTS, place).policies
    return [each for statements in policies.values() for each in statements]


def suite_needs(place: Place) -> set[Need]:
    return {(call.action, call.resource) for call in pipeline_calls.run_suite(place)}


def suite_foreign(place: Place) -> set[str]:
    needs = suite_needs(place)
    deployed = {on for component in STACKS for _, on in needs_of(component, place)}
    foreign = (foreign_to(None, place, needs) | deployed) - {on for _, on in needs} - {"*"}
    return {on for on in foreign if "/system-tests/" not in on and not on.endswith(":$LATEST")}
