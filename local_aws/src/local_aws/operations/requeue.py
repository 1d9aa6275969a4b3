"""Lets pictures that failed wait for their labels again, by the sweep's own function."""

import json
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from local_aws.deploying import stacks
from local_aws.errors import CloudError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.console import Console

    from local_aws.deploying.target import Target

# By the user's variable, the field of the command.
FIELDS = {"IMAGE_ID": "imageId", "REASON": "reason", "FROM": "from", "TO": "to"}
COMPONENT = "invoke_labeller"
# Longer than the function may take.
PATIENT = Config(read_timeout=150, retries={"total_max_attempts": 1})

type Invoke = "Callable[[dict[str, Any]], dict[str, Any]]"


def requeue(target: "Target", console: "Console", given: "Mapping[str, str]") -> int:
    """Requeue pictures, and tell how many.

    Args:
        target: Where they are.
        console: Where to tell it.
        given: What the user has set: IMAGE_ID, or REASON, FROM and TO.

    Returns:
        The exit code: 0, or 1 where no picture was requeued.

    Raises:
        UsageError: If none of them is set, or they make no sense.
        CloudError: If the function is not deployed, or fails.
    """
    command = _command(given)
    client = target.client("lambda", config=PATIENT)
    function = _function(target)

    def invoke(event: dict[str, Any]) -> dict[str, Any]:
        answer = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise CloudError(f"The sweep's function failed: {result.get('errorMessage', result)}")
        return result

    requeued, skipped = send({"requeue": {**command, "by": target.identity["Arn"]}}, invoke)
    console.print(outcome(requeued, skipped), highlight=False)
    return 0 if requeued else 1


def outcome(requeued: int, skipped: int) -> str:
    """Say what became of the pictures.

    Args:
        requeued: How many wait again.
        skipped: How many do not; the function does not say why.
    """
    pictures = "picture waits" if requeued == 1 else "pictures wait"
    why = "not known there, not FAILED any more, or about to be deleted"
    left = f" {skipped} left alone: {why}." if skipped else ""
    return f"{requeued} {pictures} for labels again.{left}"


def send(command: dict[str, Any], invoke: Invoke) -> tuple[int, int]:
    """Send a command and those that go on with it, until nothing is left.

    Args:
        command: The first one.
        invoke: Invokes the function with a command and returns its answer.

    Returns:
        How many pictures were requeued, and how many were skipped.

    Raises:
        UsageError: If the function says that the command makes no sense.
    """
    requeued = skipped = 0
    following: dict[str, Any] | None = command
    while following:
        answer = invoke(following)
        if "Requeued" not in answer:
            raise UsageError(_in_our_words(str(answer.get("detail", answer))))
        requeued, skipped = requeued + answer["Requeued"], skipped + answer["Skipped"]
        following = None if answer["Next"] == following else answer["Next"]
    return requeued, skipped


def _command(given: "Mapping[str, str]") -> dict[str, str]:
    command = {field: given[name] for name, field in FIELDS.items() if name in given}
    if not command:
        raise UsageError(
            "Name what to requeue: make requeue IMAGE_ID=…, or REASON=…, or when it failed:"
            " FROM=2026-11-23T07:00:00Z TO=2026-11-24T09:00:00Z"
        )
    return command


def _function(target: "Target") -> str:
    component = target.components[COMPONENT]
    outputs = stacks.outputs(stacks.find(target.cloudformation(component), component.stack))
    if "SweepFunctionName" not in outputs:
        raise CloudError(f"{component.stack} is not deployed there: make deploy")
    return outputs["SweepFunctionName"]


def _in_our_words(detail: str) -> str:
    """Name the variables in place of the fields that they become."""
    first, blank, rest = detail.partition(" ")
    names = {field: name for name, field in FIELDS.items()}
    return names.get(first, first) + blank + rest
