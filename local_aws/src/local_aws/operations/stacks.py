"""One stack: its state, and waiting for it."""

import time
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local_aws.errors import DeploymentError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

# A stack in one of these never worked, cannot be updated, and has nothing that is worth keeping.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
LEFTOVERS = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS")
DEADLINE = 3600


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


def tags(stack: "StackTypeDef") -> dict[str, str]:
    """Return a stack's tags."""
    return {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}


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
        client.delete_stack(StackName=identity)
    except ClientError as error:
        raise DeploymentError(
            f"{name} could not be deleted: {error.response['Error'].get('Message')}"
        ) from error
    deadline = time.monotonic() + DEADLINE
    while True:
        state = status(client, identity)
        if state in {None, "DELETE_COMPLETE"}:
            return
        if state == "DELETE_FAILED":
            raise DeploymentError(f"{name} could not be deleted: {_reason(client, identity)}")
        if time.monotonic() > deadline:
            raise DeploymentError(f"{name} is not deleted after {DEADLINE // 60} minutes ({state})")
        time.sleep(poll)


def _reason(client: "CloudFormationClient", identity: str) -> str:
    events = client.describe_stack_events(StackName=identity)["StackEvents"]
    told = [
        f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in events
        if event.get("ResourceStatus") == "DELETE_FAILED"
        and event.get("ResourceType") != "AWS::CloudFormation::Stack"
    ]
    return "; ".join(dict.fromkeys(told)) or "CloudFormation gives no reason"


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
