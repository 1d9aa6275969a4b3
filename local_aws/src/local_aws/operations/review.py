"""Shows what deployments would change, and refuses those that would lose data."""

from typing import TYPE_CHECKING

from local_aws import schedule
from local_aws.commands import Runner
from local_aws.errors import CloudError, DeploymentError
from local_aws.operations import proposal, stacks, stateful, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from local_aws.components import Component
    from local_aws.operations.place import Place
    from local_aws.operations.proposal import Proposal


class RefusedError(CloudError):
    """A change would lose data, and nobody has said that this is meant."""


def changes(place: "Place", console: "Console", names: "Sequence[str]") -> int:
    """Show what `make deploy` would change, and change nothing.

    Args:
        place: Where.
        console: Where to show it.
        names: The components; all of them if none is named.

    Returns:
        0, whether there is something to change or not.
    """
    with place.reserved():
        show(console, propose(place, place.choose(names)))
    return 0


def deploy(
    place: "Place", console: "Console", names: "Sequence[str]", *, allow_replacement: bool
) -> list[str]:
    """Show what changes, refuse what would lose data, and deploy the rest.

    A component whose change set needs a stack that is deployed in the same run is reviewed after
    that; whatever can be known before is refused before anything happens.

    Args:
        place: Where.
        console: Where to show it.
        names: The components; all of them if none is named.
        allow_replacement: Whether resources that hold data may be replaced and deleted.

    Returns:
        The names of the components that were deployed.

    Raises:
        RefusedError: If data would be lost; nothing more has happened then.
        DeploymentError: If one needs a stack that is not there, or fails.
    """
    waiting = place.choose(names)
    check_dependencies(place, waiting)
    deployed: list[str] = []
    while waiting:
        with place.reserved():
            proposals = propose(place, waiting, in_full=False)
            show(console, [each for each in proposals if not each.waits_for])
            refuse(proposals, allowed=allow_replacement)
            wanted = [each for each in proposals if not (each.is_empty or each.waits_for)]
            for each in wanted:
                clear(place, console, each)
        if wanted:
            place.deploy([each.component.name for each in wanted])
        deployed += [each.component.name for each in wanted]
        later = [each.component for each in proposals if each.waits_for]
        if later and not wanted:
            raise DeploymentError(
                f"{later[0].name} needs an export that none of the deployed stacks has."
            )
        waiting = later
    return deployed


def propose(
    place: "Place", components: "Sequence[Component]", *, in_full: bool = True
) -> "list[Proposal]":
    """Make and read the change sets of several components.

    Returns:
        The proposals, in the order of the components.
    """
    runner = Runner()
    found: dict[str, Proposal] = {}

    def work(name: str) -> None:
        with place.progress.task(f"comparing {name}", f"{name} compared"):
            found[name] = proposal.propose(runner, place, place.components[name], in_full=in_full)

    schedule.run({each.name: () for each in components}, work, runner.cancel)
    return [found[each.name] for each in components]


def show(console: "Console", proposals: "Sequence[Proposal]") -> None:
    """Print proposals in words."""
    for each in proposals:
        for line in words.proposal(each):
            console.print(
                line.text, style=line.style, markup=False, highlight=False, soft_wrap=True
            )


def refuse(proposals: "Sequence[Proposal]", *, allowed: bool) -> None:
    """Refuse changes that lose data.

    Args:
        proposals: What would be deployed.
        allowed: Whether the user has said that this is meant.

    Raises:
        RefusedError: If there are such changes and they are not allowed.
    """
    told = [
        f"{each.component.name}: {words.sentence(change)}: {words.loss(change)}."
        for each in proposals
        for change in stateful.dangers(each.changes)
    ]
    if told and not allowed:
        raise RefusedError(
            "\n".join(
                [
                    "Nothing was deployed, since data would be lost:",
                    *told,
                    "If this is meant: make deploy ALLOW_REPLACEMENT=yes",
                ]
            )
        )


def check_dependencies(place: "Place", chosen: "Sequence[Component]") -> None:
    """Check that each component's needs are deployed, or deployed with it.

    Raises:
        DeploymentError: If not; the message says what to deploy first.
    """
    names = {component.name for component in chosen}
    for component in chosen:
        missing = set(proposal.missing(place, component))
        for producer in place.graph[component.name]:
            other = place.components[producer]
            if other.stack in missing and producer not in names:
                raise DeploymentError(
                    f"{component.name} needs {other.stack}, which is not deployed: "
                    f"make deploy COMPONENT={producer}"
                )


def clear(place: "Place", console: "Console", proposed: "Proposal") -> None:
    """Delete what a failed first creation has left, which could not be updated."""
    if proposed.leftover:
        component = proposed.component
        console.print(
            f"{component.stack} is {proposed.leftover}: deleting it first.", highlight=False
        )
        stacks.delete(place.cloudformation(component), component.stack, place.poll)
