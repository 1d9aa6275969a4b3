"""What other endpoints of the region have of the quotas that all of them share."""

from typing import Any

from local_aws.preflight.context import Context

COMPONENT = "sagemaker_endpoint"


def others(context: Context) -> int:
    """Count the invocations at once that serverless endpoints of others may take.

    Args:
        context: The region.

    Raises:
        Unasked: If the endpoints may not be listed or looked at.
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
