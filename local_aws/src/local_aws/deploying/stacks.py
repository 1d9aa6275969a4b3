"""One stack: its state, why it failed, and waiting for it."""

import itertools
import re
import time
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local_aws.errors import DeploymentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef, StackTypeDef

# A stack in one of these never worked, cannot be updated, and has nothing that is worth keeping.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
LEFTOVERS = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS")
# What the SAM CLI says where there is nothing to change, since moto has no empty change set.
NO_UPDATES = "No updates are to be performed"
UPDATED = ("CREATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_COMPLETE")
DEADLINE = 3600
# Consequences of another resource's failure.
CONSEQUENCE = re.compile(
    r"creation cancelled|update cancelled|The following resource\(s\) failed", re.IGNORECASE
)


def find(client: "CloudFormationClient", name: str) -> "StackTypeDef | None":
    """Return a stack by its name or id, or None if there is none.

    A name finds no deleted stack; an id does.
    """
    try:
        return client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def status(client: "CloudFormationClient", name: str) -> str | None:
    """Return a stack's status, or None if there is none."""
    stack = find(client, name)
    return stack["StackStatus"] if stack else None


def everything(client: "CloudFormationClient") -> "list[StackTypeDef]":
    """Return all stacks that exist."""
    pages = client.get_paginator("describe_stacks").paginate()
    return [stack for page in pages for stack in page["Stacks"]]


def tags(stack: "StackTypeDef") -> dict[str, str]:
    """Return a stack's tags."""
    return {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}


def outputs(stack: "StackTypeDef | None") -> dict[str, str]:
    """Return a stack's outputs by key; none where there is no stack."""
    listed = stack.get("Outputs", []) if stack else []
    return {item["OutputKey"]: item["OutputValue"] for item in listed}


def exports(client: "CloudFormationClient") -> set[str]:
    """Return the names of all exports."""
    pages = client.get_paginator("list_exports").paginate()
    return {export["Name"] for page in pages for export in page["Exports"]}


def importers(client: "CloudFormationClient", export: str) -> list[str]:
    """Return the names of the stacks that import an export."""
    try:
        pages = client.get_paginator("list_imports").paginate(ExportName=export)
        return [name for page in pages for name in page["Imports"]]
    except ClientError as error:
        # CloudFormation's way to say that there are none.
        if "is not imported" in str(error):
            return []
        raise


def events(client: "CloudFormationClient", name: str) -> "Iterator[StackEventTypeDef]":
    """Yield the events of the newest stack of a name, newest first.

    They are asked for by the stack's id, since a failed creation may have been deleted: its name
    finds nothing then.
    """
    pages = client.get_paginator("list_stacks").paginate()
    named = [each for page in pages for each in page["StackSummaries"] if each["StackName"] == name]
    if named:
        newest = max(named, key=lambda summary: summary["CreationTime"])
        pages_of_events = client.get_paginator("describe_stack_events").paginate(
            StackName=newest["StackId"]
        )
        yield from (event for page in pages_of_events for event in page["StackEvents"])


def last_event(client: "CloudFormationClient", name: str) -> str:
    """Return the id of the last event of a stack's name, or nothing where there is none."""
    return next((event["EventId"] for event in events(client, name)), "")


def causes(client: "CloudFormationClient", name: str, after: str = "") -> list[str]:
    """Say why the newest stack of a name failed.

    Args:
        client: CloudFormation where the stack is, or was.
        name: Its name, or the id of one that exists.
        after: The id of the event before what failed; an earlier failure says nothing about it.

    Returns:
        A line for each failed resource; see `failed_resources`.
    """
    return failed_resources(
        itertools.takewhile(lambda event: event["EventId"] != after, events(client, name))
    )


def failed_resources(events: "Iterable[StackEventTypeDef]") -> list[str]:
    """Pick the events that say why a stack failed.

    Args:
        events: A stack's events, newest first, as CloudFormation gives them.

    Returns:
        A line for each failed resource: `<logical id> (<type>): <reason>`, oldest first.
    """
    lines = [
        f"{event.get('LogicalResourceId')} ({event.get('ResourceType')}): "
        f"{event['ResourceStatusReason']}"
        for event in events
        if event.get("ResourceStatus", "").endswith("_FAILED")
        and event.get("ResourceStatusReason")
        and not CONSEQUENCE.search(event["ResourceStatusReason"])
    ]
    return list(dict.fromkeys(reversed(lines)))


def wait(client: "CloudFormationClient", identity: str, poll: float) -> str:
    """Wait until nothing is in progress with a stack.

    Args:
        client: CloudFormation where the stack is.
        identity: The stack's id, which finds a deleted one, too.
        poll: Seconds between two questions.

    Returns:
        Its status then; DELETE_COMPLETE where there is none.

    Raises:
        DeploymentError: If it takes longer than an hour.
    """
    deadline = time.monotonic() + DEADLINE
    while (found := status(client, identity) or "DELETE_COMPLETE").endswith("_IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise DeploymentError(f"{identity} is still {found} after {DEADLINE // 60} minutes.")
        time.sleep(poll)
    return found


def delete(client: "CloudFormationClient", name: str, poll: float) -> None:
    """Delete a stack and wait until it is gone; there need not be one.

    Args:
        client: CloudFormation where the stack is.
        name: The stack's name.
        poll: Seconds between two questions whether it is gone.

    Raises:
        DeploymentError: If it could not be deleted; the message names the resources.
    """
    stack = find(client, name)
    if stack is None:
        return
    identity = stack["StackId"]
    try:
        before = last_event(client, name)
        client.delete_stack(StackName=identity)
    except ClientError as error:
        raise DeploymentError(
            f"{name} could not be deleted: {error.response['Error'].get('Message')}"
        ) from error
    if wait(client, identity, poll) != "DELETE_COMPLETE":
        why = "; ".join(causes(client, name, before)) or "CloudFormation gives no reason"
        raise DeploymentError(f"{name} could not be deleted: {why}")


def protect(client: "CloudFormationClient", name: str, policy: "Path") -> None:
    """Keep a stack from deletion, and what holds data from replacement.

    Args:
        client: CloudFormation where the stack is.
        name: The stack's name.
        policy: The stack policy's file; there need not be one.
    """
    client.update_termination_protection(StackName=name, EnableTerminationProtection=True)
    if policy.exists():
        client.set_stack_policy(StackName=name, StackPolicyBody=policy.read_text())
