"""What a deployment of a component would change, from a change set that is not executed."""

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local_aws import clients
from local_aws.commands import CommandError
from local_aws.errors import DeploymentError
from local_aws.operations import making, stacks
from local_aws.operations.changes import Change, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudformation import CloudFormationClient

    from local_aws.commands import Runner
    from local_aws.components import Component
    from local_aws.operations.place import Place

# moto has no empty change set; the SAM CLI's own words, and the service's, for one.
NOTHING = ("No updates are to be performed", "didn't contain changes")
NEW = "REVIEW_IN_PROGRESS"


@dataclass(frozen=True)
class Proposal:
    """What a deployment of a component would do.

    Attributes:
        component: The component.
        is_new: Whether there is no stack yet.
        changes: What would happen to its resources.
        leftover: The status of a stack whose first creation failed, which is in the way.
        waits_for: Stacks that have to be deployed before anything can be told.
    """

    component: "Component"
    is_new: bool = False
    changes: tuple[Change, ...] = ()
    leftover: str = ""
    waits_for: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to deploy."""
        return not (self.is_new or self.changes or self.leftover or self.waits_for)


def propose(
    runner: "Runner", place: "Place", component: "Component", *, in_full: bool = True
) -> Proposal:
    """Make a component's change set, read it and delete it again.

    Args:
        runner: Runs the component's make.
        place: Where it would be deployed.
        component: The component.
        in_full: Whether the resources of a stack that is not there yet are wanted, too.

    Raises:
        DeploymentError: If there can be no change set; the message is the cause.
    """
    client = place.cloudformation(component)
    status = stacks.status(client, component.stack)
    if status in stacks.LEFTOVERS and status != NEW:
        return Proposal(component, leftover=status)
    is_new = status in {None, NEW}
    if is_new and not in_full:
        return Proposal(component, is_new=True)
    absent = missing(place, component)
    if absent:
        return Proposal(component, waits_for=absent)
    with _cleared(client, component.stack, place.poll):
        known = _change_sets(client, component.stack)
        try:
            making.deploy(runner, place, component, making.UNEXECUTED)
        except CommandError as error:
            if any(said in str(error) for said in NOTHING):
                return Proposal(component)
            raise DeploymentError(
                f"There is no change set for {component.name}: {error}"
            ) from error
        [made, *_] = [*(_change_sets(client, component.stack) - known), None]
        found = _read(client, component.stack, made) if made else ()
    return Proposal(component, is_new, found)


def missing(place: "Place", component: "Component") -> tuple[str, ...]:
    """Return the stacks that a component needs and that are not deployed."""
    producers = place.graph[component.name]
    there: dict[str | None, set[str]] = {}
    absent = []
    for producer, export in producers.items():
        other = place.components[producer]
        url = place.url(other)
        if url not in there:
            there[url] = clients.exports(place.cloudformation(other))
        if export not in there[url]:
            absent.append(other.stack)
    return tuple(absent)


def _read(client: "CloudFormationClient", stack: str, change_set: str) -> tuple[Change, ...]:
    pages = client.get_paginator("describe_change_set").paginate(
        StackName=stack, ChangeSetName=change_set
    )
    return read(change for page in pages for change in page.get("Changes", []))


def _change_sets(client: "CloudFormationClient", stack: str) -> set[str]:
    pages = client.get_paginator("list_change_sets").paginate(StackName=stack)
    try:
        return {each["ChangeSetId"] for page in pages for each in page.get("Summaries", [])}
    except ClientError as error:
        if "does not exist" in str(error):
            return set()
        raise


@contextlib.contextmanager
def _cleared(client: "CloudFormationClient", stack: str, poll: float) -> "Iterator[None]":
    """Leave neither a change set nor the empty stack that came with it, whatever happens."""
    known = _change_sets(client, stack)
    try:
        yield
    finally:
        for change_set in _change_sets(client, stack) - known:
            client.delete_change_set(StackName=stack, ChangeSetName=change_set)
        if stacks.status(client, stack) == NEW and not _change_sets(client, stack):
            stacks.delete(client, stack, poll)
