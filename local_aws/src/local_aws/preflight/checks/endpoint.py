"""Endpoints: ours, which SageMaker may be unable to change, and others, which share its quotas."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding, Mark, Unanswered, unanswered

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
    if component is None or context.is_embedded:
        return
    values = context.values(component)
    name = values["EndpointName"]
    asked = values["InstanceType"] if values["InferenceType"] == "Instance" else SERVERLESS
    try:
        runs = _runs(context, name)
        if runs is None:
            yield Finding(Mark.GOOD, f"Endpoint {name}: does not exist yet.")
        elif not context.has_stack(component):
            advice = (
                f"aws sagemaker delete-endpoint --region {context.region} --endpoint-name {name}"
            )
            text = f"Endpoint {name}: exists without a stack; perhaps it was created manually."
            yield Finding(
                Mark.BAD, text, f"Delete it ({advice}), or give ours another EndpointName."
            )
        elif runs != asked:
            file = f"parameters/{context.environment}.yml"
            text = f"Endpoint {name}: {runs}, and {file} asks for {asked}."
            yield Finding(Mark.BAD, text, ANOTHER_NAME)
        else:
            yield Finding(Mark.GOOD, f"Endpoint {name}: {runs}, as the parameter file asks.")
    except Unanswered as reason:
        yield unanswered(f"Endpoint {name}", reason)


def _runs(context: Context, name: str) -> str | None:
    client = context.client("sagemaker")
    try:
        found = context.ask(
            "sagemaker:DescribeEndpoint", lambda: client.describe_endpoint(EndpointName=name)
        )
    except ClientError as error:
        if "Could not find endpoint" in str(error):
            return None
        raise
    config: Any = context.ask(
        "sagemaker:DescribeEndpointConfig",
        lambda: client.describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"]),
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
    found = context.ask(
        "sagemaker:DescribeEndpoint", lambda: client.describe_endpoint(EndpointName=name)
    )
    return sum(
        int(variant.get("CurrentServerlessConfig", {}).get("MaxConcurrency", 0))
        for variant in found.get("ProductionVariants", [])
    )
