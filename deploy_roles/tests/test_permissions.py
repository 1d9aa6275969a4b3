"""A role may do what its component's stack needs, and nothing to anyone else's."""

import json
import re
from typing import Any

import pytest

from tests.policies import (
    BOUNDARY,
    DEPLOYS,
    REGION,
    ROOT,
    STACKS,
    allowing,
    listed,
    resources,
    statements,
)

STACK_ARN = "arn:aws:cloudformation:{region}:123456789012:stack/{stack}/1"
# They list what has no region, and know no resource.
LISTS = (["iam:ListRoles"], ["s3:ListAllMyBuckets"])
CLOUDFRONT = "arn:aws:cloudfront::123456789012:"
LINKED_ROLES = ":role/aws-service-role/"
ROLES = [(deploys, "Role") for deploys in STACKS] + [
    (deploys, "SystemTestsRole")
    for deploys in (
        "OpenDevOpsSubmitImage",
        "OpenDevOpsGetImageLabel",
        "OpenDevOpsInvokeLabeller",
        "OpenDevOpsWebsite",
        "SystemTests",
    )
]


def allowances(deploys: str, role: str) -> list[Any]:
    return [rule for rule in statements(deploys, role) if rule["Effect"] == "Allow"]


@pytest.mark.parametrize(("deploys", "role"), ROLES)
def test_no_allowed_action_is_a_wildcard(deploys: str, role: str) -> None:
    actions = [action for rule in allowances(deploys, role) for action in listed(rule["Action"])]

    assert actions
    assert not [action for action in actions if "*" in action]


@pytest.mark.parametrize(("deploys", "role"), ROLES)
def test_everything_is_allowed_only_for_what_has_no_resource_and_under_a_condition(
    deploys: str, role: str
) -> None:
    for rule in allowances(deploys, role):
        if "*" in listed(rule["Resource"]) and listed(rule["Action"]) not in LISTS:
            assert rule["Condition"], rule


@pytest.mark.parametrize(("deploys", "role"), ROLES)
def test_nothing_reaches_another_region(deploys: str, role: str) -> None:
    """Where an ARN has no region, as in IAM, in S3 and for dashboards, its name has one.

    CloudFront's ARNs have neither: the tag of another region's stack denies them.
    """
    for rule in allowances(deploys, role):
        for arn in listed(rule["Resource"]):
            if arn != "*" and LINKED_ROLES not in arn and not arn.startswith(CLOUDFRONT):
                assert REGION in (arn.split(":")[3] or arn), arn


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_only_its_own_stack_can_be_changed(deploys: str) -> None:
    writing = ("CreateChangeSet", "ExecuteChangeSet", "DeleteStack", "SetStackPolicy")

    changeable = {
        stack
        for stack in (*STACKS, "OpenDevOpsDeployRoles-S3", "Another")
        for action in writing
        if allowing(
            statements(deploys),
            f"cloudformation:{action}",
            STACK_ARN.format(region=REGION, stack=stack),
        )
    }

    assert changeable == ({deploys} & set(STACKS))


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_a_role_can_only_be_made_with_the_boundary(deploys: str) -> None:
    for action in ("CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary"):
        for rule in allowing(statements(deploys), f"iam:{action}"):
            assert rule["Condition"]["StringEquals"] == {"iam:PermissionsBoundary": BOUNDARY}


@pytest.mark.parametrize("deploys", DEPLOYS)
@pytest.mark.parametrize(
    "action",
    [
        "iam:AttachRolePolicy",
        "iam:CreateAccessKey",
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:CreateUser",
        "iam:DeleteRolePermissionsBoundary",
        "iam:UpdateOpenIDConnectProviderThumbprint",
        "sts:AssumeRole",
        "dynamodb:DeleteTable",
        "dynamodb:GetItem",
        "dynamodb:Scan",
        "lambda:UpdateFunctionUrlConfig",
    ],
)
def test_no_role_may_widen_itself_or_touch_what_outlives_a_stack(deploys: str, action: str) -> None:
    assert not allowing(statements(deploys), action)


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_no_role_deletes_objects_but_the_page_s_own(deploys: str) -> None:
    found = [
        arn
        for rule in allowing(statements(deploys), "s3:DeleteObject")
        for arn in listed(rule["Resource"])
    ]

    page = "arn:aws:s3:::open-devops-website-us-west-1-123456789012/*"
    assert found == ([page] if deploys == "OpenDevOpsWebsite" else [])


def test_nothing_of_another_region_s_page_can_be_touched() -> None:
    [denial] = [
        rule
        for rule in statements("OpenDevOpsWebsite")
        if rule.get("Sid") == "NothingOfAnotherRegion"
    ]

    assert (denial["Effect"], denial["Action"], denial["Resource"]) == ("Deny", "cloudfront:*", "*")
    assert denial["Condition"] == {
        "StringNotLike": {
            "aws:ResourceTag/aws:cloudformation:stack-id": STACK_ARN.format(
                region=REGION, stack="OpenDevOpsWebsite"
            ).replace("/1", "/*")
        },
        "Null": {"aws:ResourceTag/aws:cloudformation:stack-id": "false"},
    }


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_no_role_can_change_a_deploy_role(deploys: str) -> None:
    path = f"arn:aws:iam::123456789012:role/imagelabeller/deploy/{REGION}"

    for action in ("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:PassRole"):
        assert not allowing(statements(deploys), action, f"{path}/OpenDevOpsDeployRoles-S3-Role-1")
        assert not allowing(statements(deploys), action, f"{path}/{deploys}-Role-1")


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_a_role_is_passed_to_the_service_that_needs_it_alone(deploys: str) -> None:
    services = {
        "OpenDevOpsSageMaker": ["sagemaker.amazonaws.com"],
        "OpenDevOpsSubmitImage": ["lambda.amazonaws.com"],
        "OpenDevOpsGetImageLabel": ["lambda.amazonaws.com"],
        "OpenDevOpsInvokeLabeller": ["lambda.amazonaws.com", "scheduler.amazonaws.com"],
    }

    passed = [
        rule["Condition"]["StringEquals"]["iam:PassedToService"]
        for rule in allowing(statements(deploys), "iam:PassRole")
    ]

    assert passed == ([services[deploys]] if deploys in services else [])


@pytest.mark.parametrize("deploys", ["OpenDevOpsSubmitImage", "OpenDevOpsInvokeLabeller"])
def test_a_package_can_be_put_under_its_own_prefix_alone(deploys: str) -> None:
    bucket = "arn:aws:s3:::open-devops-code-us-west-1-123456789012"

    assert allowing(statements(deploys), "s3:PutObject", f"{bucket}/{deploys}/package.zip")
    assert not allowing(statements(deploys), "s3:PutObject", f"{bucket}/OpenDevOpsGetImageLabel/x")


@pytest.mark.parametrize("access", ["Changeable", "Fixed"])
@pytest.mark.parametrize(("deploys", "role"), ROLES)
def test_the_policies_fit_into_a_role(deploys: str, role: str, access: str) -> None:
    """IAM counts the characters of all inline policies of a role, without white space: 10,240."""
    found = statements(deploys, role, BucketAccess=access)

    assert len(json.dumps(found, separators=(",", ":"))) < 10_000


def test_the_suite_has_a_role_where_a_pipeline_runs_it_and_the_deploying_role_tests_nothing() -> (
    None
):
    for deploys in DEPLOYS:
        made = resources(deploys)
        assert ("SystemTestsRole" in made) == ((deploys, "SystemTestsRole") in ROLES)
        assert ("Role" in made) == (deploys in STACKS)
        for action in ("lambda:InvokeFunction", "execute-api:Invoke"):
            assert not allowing(statements(deploys), action)


@pytest.mark.parametrize(("deploys", "role"), [each for each in ROLES if each[1] != "Role"])
def test_the_suites_role_deploys_nothing(deploys: str, role: str) -> None:
    found = statements(
        deploys, role, SubmitImageApiId="a1b2c3d4e5", GetImageLabelApiId="f6g7h8i9j0"
    )

    assert {action for rule in found for action in listed(rule["Action"])} == {
        "apigateway:GET",
        "cloudformation:DescribeStacks",
        "cloudformation:ListStacks",
        "execute-api:Invoke",
        "lambda:InvokeFunction",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:PutObject",
    }


def test_an_action_stands_alone_on_its_line() -> None:
    """A list that is written in one line hides what is added to it."""
    files = [*ROOT.glob("policies/*.yml"), *ROOT.glob("boundaries/*.yml")]
    action = re.compile(r"\b[a-z0-9-]+:[A-Z*]\w*\*?")

    crowded = [
        line
        for path in files
        for line in path.read_text().splitlines()
        if not line.lstrip().startswith("#") and len(action.findall(line)) > 1
    ]

    assert len(files) > 10
    assert not crowded
