"""What a deployment of a component would change: its change set, made and not executed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local_aws.deploying import make, stacks
from local_aws.errors import DeploymentError
from local_aws.operations.changes import Change, read
from local_aws.operations.exported import Deadlock, deadlocks
from local_aws.tools.commands import CommandError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

    from local_aws.deploying.target import Target
    from local_aws.project.components import Component
    from local_aws.tools.commands import Runner

# The SAM CLI's own words, and the service's, for an empty change set.
NOTHING = (stacks.NO_UPDATES, "didn't contain changes")
NEW = "REVIEW_IN_PROGRESS"
EXECUTABLE = "CREATE_COMPLETE"


@dataclass(frozen=True)
class Proposal:
    """What a deployment of a component would do.

    Attributes:
        component: The component.
        is_new: Whether there is no stack yet.
        changes: What would happen to its resources.
        leftover: The status of a stack whose first creation failed, which is in the way.
        waits_for: Stacks that have to be deployed before anything can be known.
        deadlocks: Exports that it would change although others import them.
        outputs: Whether its outputs change and no resource does.
        change_set: The id of the change set, for whoever asked to execute or discard.
    """

    component: "Component"
    is_new: bool = False
    changes: tuple[Change, ...] = ()
    leftover: str = ""
    waits_for: tuple[str, ...] = ()
    deadlocks: tuple[Deadlock, ...] = ()
    outputs: bool = False
    change_set: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to deploy."""
        return not (
            self.is_new
            or self.changes
            or self.leftover
            or self.waits_for
            or self.deadlocks
            or self.outputs
        )


def propose(
    runner: "Runner", target: "Target", component: "Component", *, in_full: bool = True
) -> Proposal:
    """Make a component's change set and read it; whoever asks executes or discards it.

    Args:
        runner: Runs the component's make.
        target: Where it would be deployed.
        component: The component.
        in_full: Whether the resources of a stack that is not there yet are wanted, too.

    Raises:
        DeploymentError: If there can be no change set; the message is the cause.
    """
    client = target.cloudformation(component)
    status = stacks.status(client, component.stack)
    if status in stacks.LEFTOVERS and status != NEW:
        return Proposal(component, leftover=status)
    is_new = status in {None, NEW}
    if is_new and not in_full:
        return Proposal(component, is_new=True)
    if absent := target.missing(component):
        return Proposal(component, waits_for=tuple(each.stack for each in absent))
    known = _change_sets(client, component.stack)
    try:
        make.discard_foreign(target, component)
        make.deploy(runner, target, component, execute=False)
        made = next(iter(_change_sets(client, component.stack) - known), "")
        status, found = _read(client, component.stack, made) if made else ("", ())
        return Proposal(
            component,
            is_new,
            found,
            deadlocks=_deadlocks(target, component, found),
            # A change set lists resources; without any difference there is none to execute.
            outputs=status == EXECUTABLE and not found,
            change_set=made,
        )
    except BaseException as error:
        discard(target, component, _change_sets(client, component.stack) - known)
        if not isinstance(error, CommandError):
            raise
        if any(said in str(error) for said in NOTHING):
            return Proposal(component)
        raise DeploymentError(f"There is no change set for {component.name}: {error}") from error


def discard(target: "Target", component: "Component", change_sets: set[str]) -> None:
    """Delete change sets, and the empty stack that came with them."""
    client = target.cloudformation(component)
    for change_set in change_sets:
        client.delete_change_set(StackName=component.stack, ChangeSetName=change_set)
    empty = stacks.status(client, component.stack) == NEW
    if empty and not _change_sets(client, component.stack):
        stacks.delete(client, component.stack, target.poll)


def _deadlocks(
    target: "Target", component: "Component", changes: tuple[Change, ...]
) -> tuple[Deadlock, ...]:
    client = target.cloudformation(component)
    stack = stacks.find(client, component.stack)
    # moto neither says who imports nor protects what is imported.
    if stack is None or not target.is_complete(component):
        return ()
    return deadlocks(client, stack.get("Outputs", []), target.stack(component), changes)


def _read(
    client: "CloudFormationClient", stack: str, change_set: str
) -> tuple[str, tuple[Change, ...]]:
    """Return a change set's status, and the changes of resources that it lists."""
    pages = client.get_paginator("describe_change_set").paginate(
        StackName=stack, ChangeSetName=change_set
    )
    first, *rest = pages
    return first["Status"], read(c for page in (first, *rest) for c in page.get("Changes", []))


def _change_sets(client: "CloudFormationClient", stack: str) -> set[str]:
    pages = client.get_paginator("list_change_sets").paginate(StackName=stack)
    try:
        return {each["ChangeSetId"] for page in pages for each in page.get("Summaries", [])}
    except ClientError as error:
        if "does not exist" in str(error):
            return set()
        raise
