"""A step towards more power, who takes it, and what it is about."""

from dataclasses import dataclass, field
from typing import Any

from tests.privileges.deployment.arns import API
from tests.privileges.deployment.deploy_roles import DeployRole, role_for, suite_role_for
from tests.privileges.deployment.places import ACCOUNT, PLACES, STACKS, Place
from tests.privileges.roles import Statement

HERE, THERE = PLACES[0], PLACES[2]
KEY = HERE.arn("kms", "key/6b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8d9e")
OURS = {
    "aws:RequestTag/application": "ImageLabeller",
    "aws:ResourceTag/application": "ImageLabeller",
}
PICTURE = f"{HERE.bucket('images')}/6b7c8d9e"
ROLE = "OpenDevOps{}-Role-1A2B3C4D5E6F7"


@dataclass(frozen=True)
class Step:
    """One request of a chain.

    Attributes:
        action: What is asked for.
        resource: On what.
        context: The condition keys that the request has.
        resource_policy: What an earlier step made of the resource's own policy.
    """

    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)
    resource_policy: list[Statement] | None = None


def role(component: str, place: Place = HERE, **parameters: str) -> DeployRole:
    return role_for(STACKS[component], place, **parameters)


def made_by(component: str, place: Place = HERE) -> str:
    """ARN of a role of the component's stack."""
    name = ROLE.format(STACKS[component].removeprefix("OpenDevOps"))
    return f"arn:aws:iam::{ACCOUNT}:role/imagelabeller/{place.region}/{name}"


def carrying(policy: str | None) -> dict[str, Any]:
    return {"iam:PermissionsBoundary": policy}


def letting(principal: str, action: str, resource: str | None = None) -> list[Statement]:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action}
    return [statement if resource is None else {**statement, "Resource": resource}]


SUBMIT, LABEL, ALARMS, BUCKETS = (
    role(name) for name in ("submit_image", "invoke_labeller", "cloudwatch_alarms", "s3_infra")
)
TABLES, ENDPOINT, LOOKUP = (
    role(name) for name in ("dynamodb_infra", "sagemaker_endpoint", "get_image_label")
)
FIXED = role("s3_infra", BucketAccess="Fixed")
SUITE = suite_role_for("SystemTests", HERE)
KEYS = f"arn:aws:apigateway:{HERE.region}::/apikeys"
FUNCTION = HERE.arn("lambda", "function:OpenDevOps{}-Function-1A2B3C4D5E6F7")
OTHER_STACK = "aws:ResourceTag/aws:cloudformation:stack-name"
MAPPING = HERE.arn("lambda", "event-source-mapping:6b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8d9e")
ACCOUNT_ROLE = f"arn:aws:iam::{ACCOUNT}:role"
API_TAGS = f"arn%3Aaws%3Aapigateway%3A{HERE.region}%3A%3A%2Frestapis%2F{API}"

type Ways = dict[str, tuple[DeployRole, list[Step]]]
