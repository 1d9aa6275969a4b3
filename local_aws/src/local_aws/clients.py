"""Clients of the AWS APIs that the embedded cloud's servers speak."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from local_aws.plans import ACCESS_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef, StackTypeDef

TIMEOUTS = Config(connect_timeout=2, read_timeout=30, retries={"total_max_attempts": 2})


def session(region: str) -> boto3.Session:
    """Return a session with the emulators' credentials, whatever else is configured."""
    return boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=region)


def cloudformation(url: str, region: str) -> "CloudFormationClient":
    """Return a client of CloudFormation."""
    return session(region).client("cloudformation", endpoint_url=url, config=TIMEOUTS)


def stacks(client: "CloudFormationClient") -> "list[StackTypeDef]":
    """Return all stacks that exist."""
    return client.describe_stacks()["Stacks"]


def outputs(stack: "StackTypeDef") -> dict[str, str]:
    """Return a stack's outputs by key."""
    return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}


def exports(client: "CloudFormationClient") -> set[str]:
    """Return the names of all exports."""
    pages = client.get_paginator("list_exports").paginate()
    return {export["Name"] for page in pages for export in page["Exports"]}


def events(client: "CloudFormationClient", stack: str) -> "Iterator[StackEventTypeDef]":
    """Yield the events of the newest stack of a name, deleted ones included, newest first."""
    pages = client.get_paginator("list_stacks").paginate()
    named = [
        summary
        for page in pages
        for summary in page["StackSummaries"]
        if summary["StackName"] == stack
    ]
    if named:
        newest = max(named, key=lambda summary: summary["CreationTime"])
        yield from client.describe_stack_events(StackName=newest["StackId"])["StackEvents"]
