"""A role may do what its component's stack needs, and nothing to anyone else's."""

import json
from importlib.resources import files
from typing import Any

import pytest

from tests.policies import (
    BOUNDARY,
    DEPLOYS,
    REGION,
    STACKS,
    allowing,
    listed,
    resources,
    statements,
    template,
)

STACK_ARN = "arn:aws:cloudformation:{region}:123456789012:stack/{stack}/1"
# What SAM's transform makes of its own types.
SERVERLESS = {
    "AWS::Serverless::Function": ("AWS::Lambda::Function",),
    "AWS::Serverless::Api": (
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Stage",
        "AWS::ApiGateway::Deployment",
    ),
}
# Permissions in CloudFormation's registry for what our templates do not use, by their beginnings.
UNUSED = {
    "AWS::ApiGateway::RestApi": ("apigateway:UpdateRestApiPolicy", "iam:PassRole", "s3:"),
    "AWS::ApplicationAutoScaling::ScalableTarget": (
        "application-autoscaling:DeleteScheduled",
        "application-autoscaling:PutScheduled",
        "iam:PassRole",
        "lambda:",
    ),
    "AWS::CloudWatch::Alarm": (),
    "AWS::DynamoDB::Table": (
        "dynamodb:AssociateTableReplica",
        "dynamodb:BatchWriteItem",
        "dynamodb:CreateTableReplica",
        "dynamodb:DeleteItem",
        "dynamodb:DeleteResourcePolicy",
        "dynamodb:DeleteTable",
        "dynamodb:DescribeImport",
        "dynamodb:DisableKinesis",
        "dynamodb:EnableKinesis",
        "dynamodb:GetItem",
        "dynamodb:ImportTable",
        "dynamodb:PutItem",
        "dynamodb:PutResourcePolicy",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateContributorInsights",
        "dynamodb:UpdateItem",
        "dynamodb:UpdateKinesis",
        "iam:",
        "kinesis:",
        "kms:",
        "logs:",
        "s3:",
    ),
    "AWS::IAM::Role": (
        "iam:AttachRolePolicy",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DetachRolePolicy",
    ),
    "AWS::Lambda::EventSourceMapping": ("kms:",),
    "AWS::Lambda::Function": (
        "ec2:",
        "elasticfilesystem:",
        "kms:",
        "lambda:AssociateRuntimeAlias",
        "lambda:DeleteFunctionC",
        "lambda:GetCodeSigningConfig",
        "lambda:GetLayerVersion",
        "lambda:PassCapacityProvider",
        "lambda:PublishVersion",
        "lambda:PutFunctionC",
        "lambda:PutFunctionRecursionConfig",
        "lambda:PutFunctionScalingConfig",
        "lambda:PutRuntimeManagementConfig",
        "s3files:",
    ),
    "AWS::Logs::LogGroup": (
        "firehose:",
        "logs:AssociateKmsKey",
        "logs:CreateLogDelivery",
        "logs:DeleteDataProtectionPolicy",
        "logs:DeleteIndexPolicy",
        "logs:DeleteResourcePolicy",
        "logs:DisassociateKmsKey",
        "logs:PutBearerTokenAuthentication",
        "logs:PutDataProtectionPolicy",
        "logs:PutIndexPolicy",
        "logs:PutLogGroupDeletionProtection",
        "logs:PutResourcePolicy",
        "s3:",
    ),
    "AWS::S3::Bucket": (
        "iam:",
        "s3:CreateBucketMetadata",
        "s3:DeleteBucket",
        "s3:DeleteObject",
        "s3:PutAccelerate",
        "s3:PutAnalytics",
        "s3:PutBucketAbac",
        "s3:PutBucketAcl",
        "s3:PutBucketCORS",
        "s3:PutBucketNotification",
        "s3:PutBucketObjectLock",
        "s3:PutBucketReplication",
        "s3:PutBucketWebsite",
        "s3:PutIntelligentTiering",
        "s3:PutInventory",
        "s3:PutMetrics",
        "s3:PutObject",
        "s3:PutReplication",
        "s3:UpdateBucketMetadata",
        "s3tables:",
    ),
    "AWS::SNS::Subscription": ("iam:",),
    "AWS::SNS::Topic": ("iam:", "sns:PutDataProtectionPolicy"),
    "AWS::SageMaker::EndpointConfig": ("iam:PassRole", "kms:"),
}


@pytest.fixture(scope="module")
def registry() -> dict[str, set[str]]:
    """The permissions that CloudFormation's own registry names for each type of resource."""
    found: dict[str, set[str]] = {}
    for path in files("cfnlint.data.schemas.resources").iterdir():
        if path.name.endswith(".json"):
            schema = json.loads(path.read_text())
            handlers = schema.get("handlers", {}).values()
            found.setdefault(schema["typeName"], set()).update(
                action for handler in handlers for action in handler.get("permissions", [])
            )
    return found


def types(component: str) -> set[str]:
    """The types of a component's resources, SAM's own replaced by what they become."""
    body = template(f"../{component}/template.yml")
    named = {resource["Type"] for resource in body["Resources"].values()}
    if any("EventInvokeConfig" in r["Properties"] for r in body["Resources"].values()):
        named.add("AWS::Lambda::EventInvokeConfig")
    return {made for name in named for made in SERVERLESS.get(name, (name,))}


@pytest.mark.parametrize("component", STACKS)
def test_a_role_may_do_what_cloudformation_does_with_its_resources(
    component: str, registry: dict[str, set[str]]
) -> None:
    rules = statements(STACKS[component])
    listing = ("List", "list")

    missing = [
        f"{name}: {action}"
        for name in sorted(types(component))
        for action in sorted(registry[name])
        if not action.startswith(UNUSED.get(name, ()))
        and not action.split(":")[1].startswith(listing)
        and not allowing(rules, action)
    ]

    assert not missing


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_no_action_is_a_wildcard(deploys: str) -> None:
    actions = [action for rule in statements(deploys) for action in listed(rule["Action"])]

    assert not [action for action in actions if "*" in action]


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_everything_is_allowed_only_for_what_has_no_resource_and_under_a_condition(
    deploys: str,
) -> None:
    for rule in statements(deploys):
        if "*" in listed(rule["Resource"]):
            assert rule["Condition"], rule


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_nothing_reaches_another_region(deploys: str) -> None:
    for rule in statements(deploys):
        for arn in listed(rule["Resource"]):
            region = arn.split(":")[3] if arn != "*" else ""
            assert region in ("", REGION), arn


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_only_its_own_stack_can_be_changed(deploys: str) -> None:
    writing = ("CreateChangeSet", "ExecuteChangeSet", "DeleteStack", "SetStackPolicy")

    changeable = {
        stack
        for stack in (*STACKS.values(), "OpenDevOpsDeployRoles-S3", "Another")
        for action in writing
        if allowing(
            statements(deploys),
            f"cloudformation:{action}",
            STACK_ARN.format(region=REGION, stack=stack),
        )
    }

    assert changeable == ({deploys} & set(STACKS.values()))


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
        "s3:DeleteBucket",
        "dynamodb:DeleteTable",
        "dynamodb:GetItem",
        "dynamodb:Scan",
        "lambda:UpdateFunctionUrlConfig",
    ],
)
def test_no_role_may_widen_itself_or_touch_what_outlives_a_stack(deploys: str, action: str) -> None:
    assert not allowing(statements(deploys), action)


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_no_role_can_change_a_deploy_role(deploys: str) -> None:
    own = "arn:aws:iam::123456789012:role/OpenDevOpsDeployRoles-S3-Role-1"

    for action in ("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:PassRole"):
        assert not allowing(statements(deploys), action, own)


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


@pytest.mark.parametrize("deploys", DEPLOYS)
def test_the_policies_fit_into_a_role(deploys: str) -> None:
    """IAM counts the characters of all inline policies of a role, without white space: 10,240."""
    documents = [
        json.dumps(properties["PolicyDocument"], separators=(",", ":"))
        for properties in resources(deploys).values()
        if "PolicyDocument" in properties
    ]

    assert sum(map(len, documents)) < 10_240


def test_the_suites_role_deploys_nothing() -> None:
    actions: list[Any] = [
        action for rule in statements("SystemTests") for action in listed(rule["Action"])
    ]

    assert not [action for action in actions if ":Create" in action or ":Update" in action]
