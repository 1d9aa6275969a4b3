"""Where what is deployed is no longer what its template says."""

import time
from typing import TYPE_CHECKING

from local_aws.deploying import stacks
from local_aws.errors import DeploymentError
from local_aws.operations.describe import LOUD, Line
from local_aws.tools.progress import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import (
        PropertyDifferenceTypeDef,
        StackResourceDriftTypeDef,
    )
    from rich.console import Console

    from local_aws.deploying.target import Target
    from local_aws.project.components import Component

DRIFTED = 1
DEADLINE = 900
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
SETTLED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def drift(target: "Target", console: "Console", names: "Sequence[str]") -> int:
    """Compare what is deployed with its templates.

    Args:
        target: Where.
        console: Where to show it.
        names: The components; all of them if none is named.

    Returns:
        0, or 1 where anything differs.

    Raises:
        DeploymentError: If a stack cannot be compared.
    """
    code = 0
    for component in target.choose(names):
        with target.progress.task(f"comparing {component.name}", f"{component.name} compared"):
            found = of_stack(target, component)
        for line in found:
            show(console, *line)
        if any(line.style == LOUD for line in found):
            code = DRIFTED
    return code


def of_stack(target: "Target", component: "Component") -> list[Line]:
    """Compare one component's stack.

    Returns:
        What to say; the lines about what differs are loud.

    Raises:
        DeploymentError: If the comparison fails.
    """
    title = f"{component.name} ({component.stack})"
    client = target.cloudformation(component)
    status = stacks.status(client, component.stack)
    if status is None:
        return [Line(f"{title}: not deployed")]
    if not target.is_complete(component):
        return [Line(f"{title}: skipped: its emulator has no drift detection")]
    if status not in SETTLED:
        return [Line(f"{title}: not compared, since it is {status}", LOUD)]
    _detect(client, component.stack, target.poll)
    checked = _drifts(client, component.stack)
    different = [
        line
        for resource in checked
        if resource["StackResourceDriftStatus"] in {"MODIFIED", "DELETED"}
        for line in _lines(resource)
    ]
    if different:
        return [Line(f"{title}:", LOUD), *different]
    number = "1 resource" if len(checked) == 1 else f"{len(checked)} resources"
    return [Line(f"{title}: as its template says ({number} compared)")]


def _detect(client: "CloudFormationClient", stack: str, poll: float) -> None:
    identity = client.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
    deadline = time.monotonic() + DEADLINE
    while True:
        state = client.describe_stack_drift_detection_status(StackDriftDetectionId=identity)
        if state["DetectionStatus"] == "DETECTION_COMPLETE":
            return
        if state["DetectionStatus"] == "DETECTION_FAILED" or time.monotonic() > deadline:
            reason = state.get("DetectionStatusReason", "it takes too long")
            raise DeploymentError(f"{stack} could not be compared: {reason}")
        time.sleep(poll)


def _drifts(client: "CloudFormationClient", stack: str) -> "list[StackResourceDriftTypeDef]":
    # Botocore has no paginator for it.
    page = client.describe_stack_resource_drifts(StackName=stack)
    found = page["StackResourceDrifts"]
    while "NextToken" in page:
        page = client.describe_stack_resource_drifts(StackName=stack, NextToken=page["NextToken"])
        found += page["StackResourceDrifts"]
    return [each for each in found if each["StackResourceDriftStatus"] != "NOT_CHECKED"]


def _lines(resource: "StackResourceDriftTypeDef") -> list[Line]:
    subject = f"{resource['LogicalResourceId']} ({resource['ResourceType']})"
    if resource["StackResourceDriftStatus"] == "DELETED":
        return [Line(f"  - {subject} was deleted", LOUD)]
    return [
        Line(f"  ~ {subject}: {_difference(each)}", LOUD)
        for each in resource.get("PropertyDifferences", [])
    ]


def _difference(each: "PropertyDifferenceTypeDef") -> str:
    name = each["PropertyPath"].strip("/").replace("/", ".")
    match each["DifferenceType"]:
        case "ADD":
            return f"{name} was added: {each['ActualValue']}"
        case "REMOVE":
            return f"{name} was removed, which should be {each['ExpectedValue']}"
        case _:
            return f"{name} is {each['ActualValue']}, and should be {each['ExpectedValue']}"
