"""What this component alone does once its stack is deployed: it publishes the page."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

from publication import upload

PAGE = Path("build/page.zip")


def publish(stack: str, region: str, client: Callable[..., Any] = boto3.client) -> None:
    """Publish the packaged page.

    Args:
        stack: The stack's name.
        region: The region.
        client: Makes a client of a service in a region.

    Raises:
        DeployError: If that fails; the page that was there before is served then.
    """
    stacks = client("cloudformation", region).describe_stacks(StackName=stack)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stacks[0].get("Outputs", [])}
    done = upload.publish(client("s3", region), outputs["BucketName"], PAGE)
    print(f"{done} {outputs['WebsiteURL']}", file=sys.stdout, flush=True)  # noqa: T201 - the program's output
