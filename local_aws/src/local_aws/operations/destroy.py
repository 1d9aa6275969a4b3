"""Deletes an environment: its stacks in the reverse order of their deployment, and its data."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_aws import parameters, schedule
from local_aws.errors import UsageError
from local_aws.operations import data, stacks
from local_aws.operations.review import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from local_aws.components import Component
    from local_aws.operations.place import Place

ONLY = "test"


@dataclass(frozen=True)
class Doomed:
    """What is deleted of a component.

    Attributes:
        component: The component.
        is_deployed: Whether there is a stack.
        stores: The buckets and tables that there are.
    """

    component: "Component"
    is_deployed: bool
    stores: tuple[data.Store, ...]


def destroy(
    place: "Place", console: "Console", *, environment: str | None, confirmation: str | None
) -> int:
    """Delete all stacks of an environment, and the buckets and tables that they would keep.

    All that can refuse is asked before anything is deleted. When it is interrupted, or something
    fails on the way, it can be repeated: what is gone already is passed over.

    Args:
        place: Where.
        console: Where to show it.
        environment: What the user has named; only `test` is destroyed.
        confirmation: What the user has said to confirm it: the account's number, unless the place
            is there to be thrown away.

    Returns:
        0.

    Raises:
        UsageError: If another environment was named, or nothing was confirmed.
        RefusedError: If something is protected, or somebody else needs it; nothing was deleted.
        DeploymentError: If something cannot be deleted.
    """
    check_environment(environment)
    with place.reserved():
        account = place.account()
        doomed = find(place, account)
        if not doomed:
            console.print("There is nothing to destroy.")
            return 0
        check(place, doomed)
        if not place.is_disposable and confirmation != account:
            raise UsageError(unconfirmed(place, doomed, account))
        _carry_out(place, doomed)
    console.print(
        f"Destroyed: {', '.join(each.component.name for each in doomed)}.",
        highlight=False,
        soft_wrap=True,
    )
    return 0


def check_environment(named: str | None) -> None:
    """Refuse all but Test.

    Raises:
        UsageError: If another environment was named, or none.
    """
    if not named:
        raise UsageError("Name what to destroy: make destroy ENVIRONMENT=test")
    if named != ONLY:
        raise UsageError(
            f"{named.capitalize()} is not destroyed by a command: its stacks are protected, and "
            "people use what is in them. Only ENVIRONMENT=test is."
        )


def find(place: "Place", account: str) -> list[Doomed]:
    """Find what there is to delete, what is deleted first coming first."""
    found = []
    for component in reversed(place.choose(())):
        names = values(place, component, account)
        stores = tuple(store for store in data.of(component, names) if data.exists(place, store))
        client = place.cloudformation(component)
        is_deployed = stacks.find(client, component.stack) is not None
        if is_deployed or stores:
            found.append(Doomed(component, is_deployed, stores))
    return found


def values(place: "Place", component: "Component", account: str) -> "Mapping[str, str]":
    """Return what a template's names are made of."""
    return {
        **component.parameters(place.settings.environment),
        **parameters.fitting(component, place.values),
        "AWS::AccountId": account,
        "AWS::Region": place.settings.region,
        "AWS::StackName": component.stack,
    }


def check(place: "Place", doomed: "list[Doomed]") -> None:
    """Ask all that may refuse.

    Raises:
        RefusedError: If anything does; the message has a line for each.
    """
    going = {each.component.stack for each in doomed}
    reasons = [reason for each in doomed for reason in _obstacles(place, each, going)]
    if reasons:
        raise RefusedError("\n".join(["Nothing was destroyed:", *reasons]))


def unconfirmed(place: "Place", doomed: "list[Doomed]", account: str) -> str:
    """Say what would be deleted, and how to confirm that."""
    lines = [f"This deletes, in {place.settings.region} of the account {account}, for good:"]
    for each in doomed:
        if each.is_deployed:
            lines.append(f"  stack {each.component.stack}")
        lines += [f"  {store} and everything in it" for store in each.stores]
    again = f"make destroy ENVIRONMENT={ONLY} CLOUD=aws CONFIRM={account}"
    return "\n".join([*lines, f"Nothing was deleted. If that is meant: {again}"])


def _obstacles(place: "Place", doomed: Doomed, going: "set[str]") -> list[str]:
    reasons = []
    client = place.cloudformation(doomed.component)
    stack = stacks.find(client, doomed.component.stack)
    if stack is not None:
        name = stack["StackName"]
        if stack.get("EnableTerminationProtection"):
            reasons.append(f"{name} has termination protection.")
        if stacks.tags(stack).get("environment", ONLY) != ONLY:
            reasons.append(f"{name} belongs to {stacks.tags(stack)['environment']}.")
        if place.is_whole(doomed.component):
            reasons += [
                f"{name} exports {export}, which {importer} imports."
                for export in (each.get("ExportName") for each in stack.get("Outputs", []))
                if export
                for importer in stacks.importers(client, export)
                if importer not in going
            ]
    for store in doomed.stores:
        if data.is_protected(place, store):
            reasons.append(
                f"The {store} is protected against deletion: deploy it with "
                "PARAMETERS=DeletionProtection=false first."
            )
        owner = data.tags(place, store).get("environment", ONLY)
        if owner != ONLY:
            reasons.append(f"The {store} belongs to {owner}.")
    return reasons


def _carry_out(place: "Place", doomed: "list[Doomed]") -> None:
    by_name = {each.component.name: each for each in doomed}

    def work(name: str) -> None:
        each = by_name[name]
        with place.progress.task(f"destroying {name}", f"{name} destroyed"):
            _destroy(place, each)

    # Deleted before a component is what imports from it.
    after = {name: [other for other in by_name if name in place.graph[other]] for name in by_name}
    schedule.run(after, work, lambda: None)


def _destroy(place: "Place", doomed: Doomed) -> None:
    component = doomed.component
    for store in doomed.stores:
        # A bucket that goes with its stack has to be empty then.
        if store.kind == data.BUCKET and not store.is_kept:
            _empty(place, store)
    stacks.delete(place.cloudformation(component), component.stack, place.poll)
    place.forget(component)
    for store in doomed.stores:
        if data.exists(place, store):
            if store.kind == data.BUCKET:
                _empty(place, store)
            data.delete(place, store)
            place.progress.say(f"  {store} deleted")


def _empty(place: "Place", store: data.Store) -> None:
    gone = data.empty(place.s3(), store.name)
    if gone:
        place.progress.say(f"  {store} emptied of {gone} versions")
