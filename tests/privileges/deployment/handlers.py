"""What CloudFormation does with a stack's resources, as its registry says, and on which ARNs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from tests.privileges.deployment import reference
from tests.privileges.deployment.components import Resource
from tests.privileges.deployment.exemptions import reason
from tests.privileges.deployment.places import ACCOUNT, ENDPOINT, STACKS, Place

# The roles of AWS's services that the first resource of a kind in an account makes, by kind.
LINKED_ROLES = {
    "AWS::ApplicationAutoScaling::ScalableTarget": (
        "sagemaker.application-autoscaling.amazonaws.com",
        "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
    ),
    "AWS::ApiGateway::Stage": ("ops.apigateway.amazonaws.com", "AWSServiceRoleForAPIGateway"),
}
# Permissions that AWS's documentation requires in addition to the registry.
# https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enabling-xray.html
MORE = {
    ("AWS::ApiGateway::Stage", "create"): ("iam:CreateServiceLinkedRole",),
    ("AWS::ApiGateway::Stage", "update"): ("iam:CreateServiceLinkedRole",),
    ("AWS::ApplicationAutoScaling::ScalableTarget", "create"): (
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:UpdateEndpointWeightsAndCapacities",
    ),
}


@dataclass(frozen=True)
class Call:
    """A request that a deploying role makes.

    Attributes:
        why: Which handler of which resource makes it.
        action: What is asked for.
        resource: On what.
        context: The condition keys that the request has.
    """

    why: str
    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)


def calls(component: str, resource: Resource, place: Place, boundary: str | None) -> Iterator[Call]:
    """Yield every request of every handler of a resource.

    Args:
        component: The component whose stack has it.
        resource: The resource.
        place: Where it is deployed.
        boundary: ARN of the boundary that the component's roles carry.
    """
    context = _context(component, resource, place, boundary)
    for handler, actions in permissions(resource.kind).items():
        for action in sorted({*actions, *MORE.get((resource.kind, handler), ())}):
            if reason(resource.kind, handler, action):
                continue
            why = f"{component}, {resource.logical_id}: {handler}"
            for arn in asked_about(resource, action, component, place):
                yield Call(why, action, arn, _with_region(action, context, place))


@cache
def permissions(kind: str) -> dict[str, set[str]]:
    """Read the permissions of a type's handlers from CloudFormation's registry, of all regions."""
    found: dict[str, set[str]] = {}
    for path in files("cfnlint.data.schemas.resources").iterdir():
        if not path.name.endswith(".json"):
            continue
        schema = json.loads(path.read_text())
        if schema["typeName"] != kind:
            continue
        for handler, body in schema.get("handlers", {}).items():
            found.setdefault(handler, set()).update(body.get("permissions", ()))
        tagging = schema.get("tagging", {}).get("permissions", ())
        found.setdefault("tagging", set()).update(tagging)
    assert found, f"CloudFormation's registry knows no {kind}"
    return found


def asked_about(resource: Resource, action: str, component: str, place: Place) -> list[str]:
    """Return the ARNs that a service asks IAM about for one action of a resource's handler."""
    if reference.knows_no_resource(action):
        return ["*"]
    others = _others(resource, component, place)
    if action in others:
        return others[action]
    if action.startswith("apigateway:"):
        return _paths(resource, action)
    return list(resource.arns)


def _others(resource: Resource, component: str, place: Place) -> dict[str, list[str]]:
    """Return what an action is about where that is not the resource itself."""
    code = f"{place.bucket('code')}/{STACKS[component]}/0f1e2d3c4b5a"
    alarm = f"alarm:TargetTracking-endpoint/{ENDPOINT}/variant/AllTraffic-AlarmHigh-6b7c8d9e"
    others = {
        "s3:GetObject": [code],
        "s3:GetObjectVersion": [code],
        # Metrics are no data set, the one resource that this action knows.
        "cloudwatch:GetMetricData": ["*"],
        "cloudwatch:DescribeAlarms": [place.arn("cloudwatch", "alarm:*")],
        "iam:ListRoles": [f"arn:aws:iam::{ACCOUNT}:role/"],
        "iam:PassRole": list(_passed(resource)),
        "lambda:CreateEventSourceMapping": ["*"],
        "lambda:ListEventSourceMappings": ["*"],
    }
    if resource.kind in LINKED_ROLES:
        linked = "/".join(LINKED_ROLES[resource.kind])
        others["iam:CreateServiceLinkedRole"] = [
            f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{linked}"
        ]
    if resource.kind == "AWS::ApplicationAutoScaling::ScalableTarget":
        scaled = place.arn("sagemaker", f"endpoint/{ENDPOINT}")
        others |= {
            "cloudwatch:DeleteAlarms": [place.arn("cloudwatch", alarm)],
            "cloudwatch:PutMetricAlarm": [place.arn("cloudwatch", alarm)],
            "sagemaker:DescribeEndpoint": [scaled],
            "sagemaker:DescribeEndpointConfig": [
                place.arn("sagemaker", "endpoint-config/endpointconfig-1a2b3c4d5e6f")
            ],
            "sagemaker:UpdateEndpointWeightsAndCapacities": [scaled],
        }
    return others


def _passed(resource: Resource) -> Iterator[str]:
    properties = resource.properties
    for name in ("Role", "RoleArn", "ExecutionRoleArn"):
        if name in properties:
            yield properties[name]
    if "RoleArn" in properties.get("Target", {}):
        yield properties["Target"]["RoleArn"]


def _paths(resource: Resource, action: str) -> list[str]:
    """Return the paths of API Gateway that a method is for."""
    kind = resource.kind.rpartition("::")[2]
    collection, one, tags = resource.arns
    if kind in ("Deployment", "Stage"):
        # The evaluator cannot read the reference's ARN of these two: this is a substitute.
        collection = f"{collection.rpartition('/')[0]}/resources"
    tagged = [] if kind in ("Deployment", "UsagePlanKey") else [tags]
    return {
        "apigateway:POST": [collection],
        "apigateway:GET": [resource.arns[0], one],
        "apigateway:PATCH": [one],
        "apigateway:PUT": [one, tags] if kind == "RestApi" else tagged,
        "apigateway:DELETE": [one, *tagged],
    }[action]


def _context(
    component: str, resource: Resource, place: Place, boundary: str | None
) -> dict[str, Any]:
    function = place.arn("lambda", f"function:{STACKS[component]}-Function-1A2B3C4D5E6F7")
    service = {"Lambda": "lambda", "SageMaker": "sagemaker", "Scheduler": "scheduler"}
    passed_to = service.get(resource.kind.split("::")[1], "")
    return {
        "iam:PassedToService": f"{passed_to}.amazonaws.com",
        "iam:AWSServiceName": LINKED_ROLES.get(resource.kind, ("",))[0],
        "lambda:FunctionArn": function,
        "lambda:Principal": resource.properties.get("Principal", "nobody"),
        "application-autoscaling:service-namespace": "sagemaker",
        "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
        "aws:RequestTag/application": "ImageLabeller",
        "aws:ResourceTag/aws:cloudformation:stack-name": STACKS[component],
        "aws:ResourceTag/aws:cloudformation:stack-id": place.arn(
            "cloudformation", f"stack/{STACKS[component]}/6b7c8d9e"
        ),
    } | ({"iam:PermissionsBoundary": boundary} if boundary else {})


def _with_region(action: str, context: dict[str, Any], place: Place) -> dict[str, Any]:
    # They have one address for all regions.
    region = "us-east-1" if action.startswith(("cloudfront:", "iam:")) else place.region
    return context | {"aws:RequestedRegion": region}
