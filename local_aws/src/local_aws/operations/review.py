"""Shows what deployments would change, refuses what would lose data, and carries out the rest."""

import contextlib
from typing import TYPE_CHECKING

from local_aws.deploying import deployment, stacks
from local_aws.errors import CloudError, DeploymentError
from local_aws.operations import describe, proposals
from local_aws.operations.changes import dangers
from local_aws.tools import progress, schedule
from local_aws.tools.commands import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from local_aws.deploying.target import Target
    from local_aws.operations.proposals import Proposal
    from local_aws.project.components import Component


class RefusedError(CloudError):
    """A change would lose data, and nobody has said that this is meant."""


def changes(target: "Target", console: "Console", names: "Sequence[str]") -> int:
    """Show what `make deploy` would change, and change nothing.

    Args:
        target: Where.
        console: Where to show it.
        names: The components; all of them if none is named.

    Returns:
        0, whether there is something to change or not.
    """
    with target.lock(), proposed(target, target.choose(names)) as (found, _):
        show(console, found)
    return 0


def deploy(
    target: "Target", console: "Console", names: "Sequence[str]", *, allow_replacement: bool
) -> list[str]:
    """Show what changes, refuse what would lose data, and deploy the rest.

    The change sets that are shown are the ones that are executed. A component whose change set
    needs a stack that is deployed in the same run is reviewed after that; whatever can be known
    before is refused before anything happens.

    Args:
        target: Where.
        console: Where to show it.
        names: The components; all of them if none is named.
        allow_replacement: Whether resources that hold data may be replaced and deleted.

    Returns:
        The names of the components that were deployed.

    Raises:
        RefusedError: If data would be lost; nothing more has happened then.
        DeploymentError: If one needs a stack that is not there, or fails.
    """
    with target.lock():
        waiting = target.choose(names)
        target.check_dependencies(waiting)
        deployed: list[str] = []
        while waiting:
            done, later = _deploy_known(target, console, waiting, allowed=allow_replacement)
            if later and not done:
                raise DeploymentError(
                    f"{later[0].name} needs an export that none of the deployed stacks has."
                )
            deployed += done
            waiting = later
        return deployed


def _deploy_known(
    target: "Target", console: "Console", components: "Sequence[Component]", *, allowed: bool
) -> "tuple[list[str], list[Component]]":
    """Deploy the components of which a change set can be made.

    Returns:
        The names of those that were deployed, and the components that wait for them.
    """
    with proposed(target, components, in_full=False) as (found, change_sets):
        show(console, [each for each in found if not each.waits_for])
        refuse(found, allowed=allowed)
        wanted = [each for each in found if not (each.is_empty or each.waits_for)]
        for each in wanted:
            clear(target, console, each)
        done = deployment.deploy(
            target,
            Runner(timeout=3600),
            [each.component for each in wanted],
            change_sets=change_sets,
        )
    return done, [each.component for each in found if each.waits_for]


@contextlib.contextmanager
def proposed(
    target: "Target", components: "Sequence[Component]", *, in_full: bool = True
) -> "Iterator[tuple[list[Proposal], dict[str, str]]]":
    """Make and read the change sets of several components, and discard those nobody executes.

    Yields:
        The proposals, in the order of the components; and by component the ids of their change
        sets, from which whoever executes one takes it out.
    """
    runner = Runner()
    found: dict[str, Proposal] = {}
    change_sets: dict[str, str] = {}

    def work(name: str) -> None:
        with target.progress.task(f"comparing {name}", f"{name} compared"):
            component = target.components[name]
            found[name] = proposals.propose(runner, target, component, in_full=in_full)
        if found[name].change_set:
            change_sets[name] = found[name].change_set

    try:
        schedule.run({each.name: () for each in components}, work, runner.cancel)
        yield [found[each.name] for each in components], change_sets
    finally:
        for name, change_set in change_sets.items():
            proposals.discard(target, target.components[name], {change_set})


def show(console: "Console", proposals: "Sequence[Proposal]") -> None:
    """Describe proposals."""
    for each in proposals:
        for line in describe.proposal(each):
            progress.show(console, *line)


def refuse(proposals: "Sequence[Proposal]", *, allowed: bool) -> None:
    """Refuse changes that lose data, and those that CloudFormation would refuse half-way.

    Args:
        proposals: What would be deployed.
        allowed: Whether the user has said that losing data is meant.

    Raises:
        RefusedError: If there are such changes and they are not allowed.
    """
    lines = [f"{each.component.name}: {why}." for each in proposals for why in each.deadlocks]
    lost = [
        f"{each.component.name}: {describe.sentence(change)}: {describe.loss(change)}."
        for each in proposals
        for change in dangers(each.changes)
    ]
    if lost and not allowed:
        lines += ["Data would be lost:", *lost]
        lines += ["If this is meant: make deploy ALLOW_REPLACEMENT=yes"]
    if lines:
        raise RefusedError("\n".join(["Nothing was deployed.", *lines]))


def clear(target: "Target", console: "Console", proposal: "Proposal") -> None:
    """Delete what a failed first creation has left, which could not be updated."""
    if proposal.leftover:
        component = proposal.component
        progress.show(console, f"{component.stack} is {proposal.leftover}: deleting it first.")
        stacks.delete(target.cloudformation(component), component.stack, target.poll)
