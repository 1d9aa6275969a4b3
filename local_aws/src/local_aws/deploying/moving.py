"""Lets stacks that were kept follow MiniStack to another port."""

from typing import TYPE_CHECKING

from local_aws import clients
from local_aws.deploying import stacks
from local_aws.project.parameters import TRUSTED, UPLOADED_FROM, UPLOADED_TO, host, origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackTypeDef

LOCAL = "http://127.0.0.1:"
POLL = {"Delay": 1, "MaxAttempts": 60}


def follow(url: str, region: str, before: int, now: int, website: int) -> list[str]:
    """Give the stacks that know MiniStack's old port the new one, and that of the website.

    Everything else of the stacks stays as it was deployed.

    Args:
        url: Where MiniStack answers.
        region: Region of the stacks.
        before: The port on which they were deployed.
        now: The port on which MiniStack answers.
        website: The port on which it serves the website.

    Returns:
        The names of the stacks that were changed.
    """
    client = clients.cloudformation(url, region)
    changed = []
    for stack in stacks.everything(client):
        moved = _moved(stack, before, now, website)
        if not moved:
            continue
        client.update_stack(
            StackName=stack["StackName"],
            UsePreviousTemplate=True,
            Parameters=[_parameter(each["ParameterKey"], moved) for each in stack["Parameters"]],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        client.get_waiter("stack_update_complete").wait(
            StackName=stack["StackName"],
            WaiterConfig=POLL,  # type: ignore[arg-type] # a TypedDict of ints
        )
        changed.append(stack["StackName"])
    return changed


def _moved(stack: "StackTypeDef", before: int, now: int, website: int) -> dict[str, str]:
    """Return the parameters that change, with their new values."""
    values = {
        each["ParameterKey"]: each.get("ParameterValue", "") for each in stack.get("Parameters", [])
    }
    trusted = [
        host(now) if each == host(before) else each for each in values.get(TRUSTED, "").split(",")
    ]
    moved = {TRUSTED: ",".join(trusted)}
    if values.get(UPLOADED_TO) == origin(before):
        moved[UPLOADED_TO] = origin(now)
    if values.get(UPLOADED_FROM, "").startswith(LOCAL):
        moved[UPLOADED_FROM] = origin(website)
    return {name: value for name, value in moved.items() if values.get(name, "") != value}


def _parameter(name: str, moved: "Mapping[str, str]") -> "ParameterTypeDef":
    if name in moved:
        return {"ParameterKey": name, "ParameterValue": moved[name]}
    return {"ParameterKey": name, "UsePreviousValue": True}
