"""What AWS's services call the resources of the stacks, and which ARN they ask IAM about."""

import re
from collections.abc import Callable
from typing import Any

from tests.privileges.deployment.places import ACCOUNT, ENDPOINT, Place

API = "submission"
TARGET = "target"


def arns(kind: str, name: str, properties: dict[str, Any], place: Place) -> tuple[str, ...]:
    """Return a resource's ARNs; of what has none of its own, those of what contains it.

    Args:
        kind: Type of the resource.
        name: What `Ref` gives of it.
        properties: Its properties, as far as its ARN depends on them.
        place: Where it is.
    """
    service, _, rest = kind.removeprefix("AWS::").partition("::")
    return _ARNS[service](rest, name, properties, place)


def _lambda(rest: str, name: str, properties: dict[str, Any], place: Place) -> tuple[str, ...]:
    if rest == "EventSourceMapping":
        mapping = "event-source-mapping:6b7c8d9e-0f1a-4b2c-8d3e-4f5a6b7c8d9e"
        return (place.arn("lambda", mapping),)
    function = place.arn("lambda", f"function:{properties.get('FunctionName', name)}")
    return (function, f"{function}:$LATEST") if rest == "EventInvokeConfig" else (function,)


def _log_group(_: str, __: str, properties: dict[str, Any], place: Place) -> tuple[str, ...]:
    group = place.arn("logs", f"log-group:{properties['LogGroupName']}")
    # Which of the two is asked about depends on the action.
    return (group, f"{group}:*")


def _queue(rest: str, name: str, properties: dict[str, Any], place: Place) -> tuple[str, ...]:
    queue = name if rest == "Queue" else properties["Queues"][0]
    return (place.arn("sqs", queue.rpartition("/")[2]),)


def _topic(rest: str, name: str, properties: dict[str, Any], _: Place) -> tuple[str, ...]:
    # SNS asks about the topic, not about its subscription.
    topic = {"Topic": name, "Subscription": str(properties.get("TopicArn"))}
    return (topic[rest] if rest in topic else properties["Topics"][0],)


def _cloudfront(rest: str, _: str, __: dict[str, Any], ___: Place) -> tuple[str, ...]:
    # It has no regions, and makes its ids up.
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", rest).lower()
    return (f"arn:aws:cloudfront::{ACCOUNT}:{kind}/E1A2B3C4D5E6F7",)


def _cloudwatch(rest: str, name: str, properties: dict[str, Any], place: Place) -> tuple[str, ...]:
    if rest == "Dashboard":
        return (f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{properties['DashboardName']}",)
    return (place.arn("cloudwatch", f"alarm:{name}"),)


def _sagemaker(rest: str, name: str, _: dict[str, Any], place: Place) -> tuple[str, ...]:
    # SageMaker writes names in lower case in its ARNs.
    own = {"EndpointConfig": f"endpoint-config/{name.lower()}", "Model": f"model/{name.lower()}"}
    return (place.arn("sagemaker", own.get(rest, f"endpoint/{ENDPOINT}")),)


def _api_gateway(rest: str, _: str, __: dict[str, Any], place: Place) -> tuple[str, ...]:
    """Return the collection, one of it, and its tags."""
    collection, one = {
        "RestApi": ("/restapis", f"/restapis/{API}"),
        "Deployment": (f"/restapis/{API}/deployments", f"/restapis/{API}/deployments/d1e2f3"),
        "Stage": (f"/restapis/{API}/stages", f"/restapis/{API}/stages/v1"),
        "ApiKey": ("/apikeys", "/apikeys/k1e2y3"),
        "UsagePlan": ("/usageplans", "/usageplans/p1l2a3n4"),
        "UsagePlanKey": ("/usageplans/p1l2a3n4/keys", "/usageplans/p1l2a3n4/keys/k1e2y3"),
    }[rest]
    prefix = f"arn:aws:apigateway:{place.region}::"
    tags = f"{prefix}/tags/arn%3Aaws%3Aapigateway%3A{place.region}%3A%3A%2Frestapis%2F{API}"
    return (f"{prefix}{collection}", f"{prefix}{one}", tags)


_ARNS: dict[str, Callable[[str, str, dict[str, Any], Place], tuple[str, ...]]] = {
    "ApiGateway": _api_gateway,
    "ApplicationAutoScaling": lambda _, __, ___, place: (
        place.arn("application-autoscaling", f"scalable-target/{TARGET}"),
    ),
    "CloudFront": _cloudfront,
    "CloudWatch": _cloudwatch,
    "DynamoDB": lambda _, name, __, place: (place.arn("dynamodb", f"table/{name}"),),
    "IAM": lambda _, name, properties, __: (
        f"arn:aws:iam::{ACCOUNT}:role{properties['Path']}{name}",
    ),
    "Lambda": _lambda,
    "Logs": _log_group,
    "S3": lambda _, name, properties, __: (f"arn:aws:s3:::{properties.get('Bucket', name)}",),
    "SNS": _topic,
    "SQS": _queue,
    "SageMaker": _sagemaker,
    "Scheduler": lambda _, name, __, place: (place.arn("scheduler", f"schedule/default/{name}"),),
}
