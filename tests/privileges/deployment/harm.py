"""What whoever took a pipeline over would do to another component or environment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.privileges.deployment.components import Resource, resources
from tests.privileges.deployment.deploy_roles import role_for
from tests.privileges.deployment.pipeline_calls import stack
from tests.privileges.deployment.places import ACCOUNT, STACKS, Place

KEY = "key/6b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8d9e"
BY_KIND = {
    "AWS::IAM::Role": (
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:PassRole",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UpdateAssumeRolePolicy",
    ),
    "AWS::Lambda::Function": (
        "lambda:AddPermission",
        "lambda:DeleteFunction",
        "lambda:GetFunction",
        "lambda:InvokeFunction",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
    ),
    "AWS::Lambda::EventSourceMapping": (
        "lambda:DeleteEventSourceMapping",
        "lambda:TagResource",
        "lambda:UpdateEventSourceMapping",
    ),
    "AWS::ApiGateway::RestApi": ("apigateway:DELETE", "apigateway:GET", "apigateway:PATCH"),
    "AWS::ApiGateway::ApiKey": ("apigateway:DELETE", "apigateway:GET", "apigateway:PATCH"),
    "AWS::Logs::LogGroup": ("logs:DeleteLogGroup", "logs:PutRetentionPolicy"),
    "AWS::SQS::Queue": ("sqs:DeleteQueue", "sqs:ReceiveMessage", "sqs:SetQueueAttributes"),
    "AWS::SNS::Topic": ("sns:DeleteTopic", "sns:Publish", "sns:SetTopicAttributes"),
    "AWS::SNS::Subscription": ("sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"),
    "AWS::CloudFront::Distribution": (
        "cloudfront:DeleteDistribution",
        "cloudfront:TagResource",
        "cloudfront:UpdateDistribution",
    ),
    "AWS::CloudWatch::Alarm": ("cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"),
    "AWS::CloudWatch::Dashboard": ("cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"),
    "AWS::Scheduler::Schedule": ("scheduler:DeleteSchedule", "scheduler:UpdateSchedule"),
    "AWS::SageMaker::Endpoint": (
        "sagemaker:DeleteEndpoint",
        "sagemaker:InvokeEndpoint",
        "sagemaker:UpdateEndpoint",
    ),
    "AWS::SageMaker::Model": ("sagemaker:AddTags", "sagemaker:DeleteModel"),
    "AWS::S3::Bucket": (
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutLifecycleConfiguration",
    ),
    "AWS::DynamoDB::Table": (
        "dynamodb:CreateBackup",
        "dynamodb:DeleteTable",
        "dynamodb:PutResourcePolicy",
        "dynamodb:UpdateTable",
    ),
}


@dataclass(frozen=True)
class Attempt:
    """One request of somebody who took a pipeline over.

    Attributes:
        action: What is asked for.
        resource: On what.
        context: The condition keys that the request has.
    """

    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)


def to(component: str, place: Place) -> Iterator[Attempt]:
    """Yield what would harm a component in an environment: one resource of each kind."""
    kinds: dict[str, Resource] = {}
    for resource in resources(component, place):
        kinds.setdefault(resource.kind, resource)
    context = {
        "aws:ResourceTag/aws:cloudformation:stack-name": STACKS[component],
        "aws:ResourceTag/aws:cloudformation:stack-id": stack(STACKS[component], place),
    }
    for kind, resource in kinds.items():
        arn = resource.arns[1 if kind.startswith("AWS::ApiGateway") else 0]
        for action in BY_KIND.get(kind, ()):
            yield Attempt(action, arn, context)
    name = STACKS[component]
    for action in ("CreateChangeSet", "DeleteStack", "ExecuteChangeSet", "SetStackPolicy"):
        yield Attempt(f"cloudformation:{action}", stack(name, place))
    yield Attempt("s3:PutObject", f"{place.bucket('code')}/{name}/0f1e2d3c4b5a")
    for action in ("DeleteRole", "PassRole", "PutRolePolicy", "UpdateAssumeRolePolicy"):
        yield Attempt(f"iam:{action}", role_for(name, place).arn)


def to_data(place: Place) -> Iterator[Attempt]:
    """Yield what reads or spoils pictures, rows and keys, whoever's pipeline it is."""
    table = place.arn("dynamodb", "table/ImageLabels")
    for action in ("DeleteObject", "GetObject", "GetObjectVersion", "PutObject"):
        yield Attempt(f"s3:{action}", f"{place.bucket('images')}/6b7c8d9e")
    for action in ("BatchGetItem", "DeleteItem", "DeleteTable", "GetItem", "PutItem", "Scan"):
        yield Attempt(f"dynamodb:{action}", table)
    yield Attempt("dynamodb:ExportTableToPointInTime", table)
    yield Attempt("dynamodb:Query", f"{table}/index/Pending")
    yield Attempt("dynamodb:GetRecords", f"{table}/stream/2026-11-26T00:00:00.000")
    for action in ("Decrypt", "PutKeyPolicy", "ScheduleKeyDeletion", "TagResource"):
        context = {"aws:RequestTag/application": "ImageLabeller"}
        context["aws:ResourceTag/application"] = "ImageLabeller"
        yield Attempt(f"kms:{action}", place.arn("kms", KEY), context)


def to_the_administrator(place: Place) -> Iterator[Attempt]:
    """Yield what would make more of a role than it is."""
    account = f"arn:aws:iam::{ACCOUNT}"
    provider = f"{account}:oidc-provider/api.bitbucket.org/2.0/workspaces/acme/pipelines-config"
    for action in ("CreatePolicyVersion", "DeletePolicy", "SetDefaultPolicyVersion"):
        policy = f"{account}:policy/imagelabeller/deploy/{place.region}/Boundary"
        yield Attempt(f"iam:{action}", policy)
    for action in ("AddClientIDToOpenIDConnectProvider", "DeleteOpenIDConnectProvider"):
        yield Attempt(f"iam:{action}", provider)
    for action in ("AttachUserPolicy", "CreateAccessKey", "CreateUser"):
        yield Attempt(f"iam:{action}", f"{account}:user/somebody")
    for action in ("AttachRolePolicy", "CreateRole", "PutRolePolicy", "UpdateAssumeRolePolicy"):
        yield Attempt(f"iam:{action}", f"{account}:role/Administrator")
    yield Attempt("sts:AssumeRole", f"{account}:role/Administrator")
    yield Attempt("s3:PutAccountPublicAccessBlock", "*")
