"""Stacks that are in the way."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from local_aws.preflight.context import EMPTY, Context
from local_aws.preflight.findings import Finding, Mark, found

if TYPE_CHECKING:
    from local_aws.project.components import Component

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
DELETE = "Look at what it still holds, and delete it: aws cloudformation delete-stack {named}"
ROLL_BACK = "Repair what its events name, then: aws cloudformation continue-update-rollback {named}"
STUCK = {
    "CREATE_FAILED": DELETE,
    "ROLLBACK_FAILED": DELETE,
    "DELETE_FAILED": DELETE,
    "UPDATE_ROLLBACK_FAILED": ROLL_BACK,
}


def check(context: Context) -> Iterator[Finding]:
    """Ask for the state of each component's stack."""
    for component in context.target.components.values():
        title = f"Stack {component.stack}"
        yield found(title, partial(_look, context, component, title))


def _look(context: Context, component: "Component", title: str) -> Finding:
    status = context.status(component)
    if status is None:
        return Finding(Mark.GOOD, f"{title}: does not exist yet.")
    if status in EMPTY:
        return Finding(
            Mark.NOTE, f"{title}: never completed ({status}); the next deployment clears it."
        )
    if status in STUCK:
        named = f"--region {context.region} --stack-name {component.stack}"
        return Finding(Mark.BAD, f"{title}: {status}.", STUCK[status].format(named=named))
    if status.endswith("_IN_PROGRESS"):
        return Finding(Mark.BAD, f"{title}: {status}.", "Wait until it has ended.")
    return Finding(Mark.GOOD, f"{title}: {status}.")
