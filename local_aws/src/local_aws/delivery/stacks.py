"""What the cloud says that it serves."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient

_STACK = re.compile(r"^STACK\s*:?=\s*(\S+)\s*$", re.MULTILINE)


class Deployed(NamedTuple):
    """A stack as it is.

    Attributes:
        status: CloudFormation's word for it.
        version: The commit that was deployed.
        digest: The SHA-256 of what was deployed.
    """

    status: str
    version: str
    digest: str


def stack_name(repository: Path) -> str:
    """The name of the stack that a component owns.

    Args:
        repository: The component's directory.

    Returns:
        The name, or nothing where it owns none.
    """
    found = _STACK.search((repository / "component.mk").read_text())
    return found.group(1) if found else ""


def deployed(stack: str, region: str, environment: Mapping[str, str]) -> Deployed | None:
    """Ask CloudFormation for a stack.

    Args:
        stack: The stack's name.
        region: The region.
        environment: Holds the credentials and the endpoint, under the names that AWS SDKs read.

    Returns:
        The stack, or None where there is none.
    """
    client = boto3.client(
        "cloudformation",
        region,
        endpoint_url=environment.get("AWS_ENDPOINT_URL"),
        aws_access_key_id=environment.get("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=environment.get("AWS_SECRET_ACCESS_KEY"),
    )
    return read(client, stack)


def read(client: "CloudFormationClient", stack: str) -> Deployed | None:
    """Read a stack's status and the tags that its deployment left on it.

    Args:
        client: CloudFormation in the stack's region.
        stack: The stack's name.

    Returns:
        The stack, or None where there is none.
    """
    try:
        found = client.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
    return Deployed(found["StackStatus"], tags.get("version", ""), tags.get("digest", ""))
