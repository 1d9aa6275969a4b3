"""Endpoints: ours, which SageMaker may be unable to change, and others, which share its quotas."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding, Mark, found

if TYPE_CHECKING:
    from local_aws.project.components import Component

COMPONENT = "sagemaker_endpoint"
SERVERLESS = "serverless"
ANOTHER_NAME = (
    "Give it another EndpointName in parameters/ of sagemaker_endpoint, invoke_labeller and "
    "cloudwatch_alarms: SageMaker turns no endpoint into one of another kind "
    "(sagemaker_endpoint/README.md)."
)


def check(context: Context) -> Iterator[Finding]:
    """Compare the endpoint that runs with the one that is asked for."""
    component = context.target.components.get(COMPONENT)
    if component is not None and not context.is_embedded:
        title = f"Endpoint {context.values(component)['EndpointName']}"
        yield found(title, partial(_compare, context, component, title))


def _compare(context: Context, component: "Component", title: str) -> Finding:
    values = context.values(component)
    name = values["EndpointName"]
    asked = values["InstanceType"] if values["InferenceType"] == "Instance" else SERVERLESS
    runs = _runs(context, name)
    if runs is None:
        return Finding(Mark.GOOD, f"{title}: does not exist yet.")
    if not context.has_stack(component):
        delete = f"aws sagemaker delete-endpoint --region {context.region} --endpoint-name {name}"
        return Finding(
            Mark.BAD,
            f"{title}: exists without a stack; perhaps it was created manually.",
            f"Delete it ({delete}), or give ours another EndpointName.",
        )
    if runs != asked:
        file = f"parameters/{context.environment}.yml"
        return Finding(Mark.BAD, f"{title}: {runs}, and {file} asks for {asked}.", ANOTHER_NAME)
    return Finding(Mark.GOOD, f"{title}: {runs}, as the parameter file asks.")


def _runs(context: Context, name: str) -> str | None:
    client = context.client("sagemaker")
    try:
        endpoint = context.ask(
            "sagemaker:DescribeEndpoint", lambda: client.describe_endpoint(EndpointName=name)
        )
    except ClientError as error:
        if "Could not find endpoint" in str(error):
            return None
        raise
    config: Any = context.ask(
        "sagemaker:DescribeEndpointConfig",
        lambda: client.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"]),
    )
    return str(config["ProductionVariants"][0].get("InstanceType") or SERVERLESS)


def concurrency_of_others(context: Context) -> int:
    """Add up the maximum concurrency of the region's other serverless endpoints.

    Args:
        context: The region.

    Raises:
        Unanswered: If the endpoints may not be listed or described.
    """
    client = context.client("sagemaker")
    pages = client.get_paginator("list_endpoints").paginate()
    names = context.ask(
        "sagemaker:ListEndpoints",
        lambda: [each["EndpointName"] for page in pages for each in page["Endpoints"]],
    )
    ours = context.values(context.target.components[COMPONENT])["EndpointName"]
    return sum(_concurrency(context, client, name) for name in names if name != ours)


def _concurrency(context: Context, client: Any, name: str) -> int:
    endpoint = context.ask(
        "sagemaker:DescribeEndpoint", lambda: client.describe_endpoint(EndpointName=name)
    )
    return sum(
        int(variant.get("CurrentServerlessConfig", {}).get("MaxConcurrency", 0))
        for variant in endpoint.get("ProductionVariants", [])
    )
