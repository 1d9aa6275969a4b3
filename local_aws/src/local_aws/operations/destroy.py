"""Deletes an environment: its stacks in the reverse order of their deployment, and its stores."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_aws.deploying import stacks
from local_aws.errors import UsageError
from local_aws.operations import stores
from local_aws.operations.review import RefusedError
from local_aws.tools import schedule
from local_aws.tools.progress import show

if TYPE_CHECKING:
    from rich.console import Console

    from local_aws.deploying.target import Target
    from local_aws.project.components import Component

ONLY = "test"


@dataclass(frozen=True)
class Deletion:
    """What is deleted of a component.

    Attributes:
        component: The component.
        is_deployed: Whether there is a stack.
        stores: The buckets and tables that there are.
    """

    component: "Component"
    is_deployed: bool
    stores: tuple[stores.Store, ...]


def destroy(
    target: "Target", console: "Console", *, environment: str | None, confirmation: str | None
) -> int:
    """Delete all stacks of an environment, and the buckets and tables that they would keep.

    All that can refuse is asked before anything is deleted. When it is interrupted, or something
    fails on the way, it can be repeated: what is gone already is passed over.

    Args:
        target: Where.
        console: Where to show it.
        environment: What the user has named; only `test` is destroyed.
        confirmation: What the user has said to confirm it: the account's number, unless the target
            is there to be thrown away.

    Returns:
        0.

    Raises:
        UsageError: If another environment was named, or nothing was confirmed.
        RefusedError: If something is protected, or somebody else needs it; nothing was deleted.
        DeploymentError: If something cannot be deleted.
    """
    check_environment(environment)
    with target.lock():
        account = target.account()
        deletions = find(target)
        if not deletions:
            console.print("There is nothing to destroy.")
            return 0
        check(target, deletions)
        if not target.is_disposable and confirmation != account:
            raise UsageError(unconfirmed(target, deletions, account))
        _carry_out(target, deletions)
    show(console, f"Destroyed: {', '.join(each.component.name for each in deletions)}.")
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


def find(target: "Target") -> list[Deletion]:
    """Find what there is to delete, what is deleted first coming first."""
    found = []
    for component in reversed(target.choose(())):
        known = stores.of(target.stack(component))
        there = tuple(each for each in known if stores.exists(target, each))
        client = target.cloudformation(component)
        is_deployed = stacks.find(client, component.stack) is not None
        if is_deployed or there:
            found.append(Deletion(component, is_deployed, there))
    return found


def check(target: "Target", deletions: "list[Deletion]") -> None:
    """Ask all that may refuse.

    Raises:
        RefusedError: If anything does; the message has a line for each.
    """
    going = {each.component.stack for each in deletions}
    reasons = [reason for each in deletions for reason in _obstacles(target, each, going)]
    if reasons:
        raise RefusedError("\n".join(["Nothing was destroyed:", *reasons]))


def unconfirmed(target: "Target", deletions: "list[Deletion]", account: str) -> str:
    """Say what would be deleted, and how to confirm that."""
    lines = [f"This deletes, in {target.settings.region} of the account {account}, for good:"]
    for each in deletions:
        if each.is_deployed:
            lines.append(f"  stack {each.component.stack}")
        lines += [f"  {store} and everything in it" for store in each.stores]
    again = f"make destroy ENVIRONMENT={ONLY} CLOUD=aws CONFIRM={account}"
    return "\n".join([*lines, f"Nothing was deleted. If that is meant: {again}"])


def _obstacles(target: "Target", deletion: Deletion, going: "set[str]") -> list[str]:
    reasons = []
    client = target.cloudformation(deletion.component)
    stack = stacks.find(client, deletion.component.stack)
    if stack is not None:
        name = stack["StackName"]
        if stack.get("EnableTerminationProtection"):
            reasons.append(f"{name} has termination protection.")
        if stacks.tags(stack).get("environment", ONLY) != ONLY:
            reasons.append(f"{name} belongs to {stacks.tags(stack)['environment']}.")
        if target.is_complete(deletion.component):
            reasons += [
                f"{name} exports {export}, which {importer} imports."
                for export in (each.get("ExportName") for each in stack.get("Outputs", []))
                if export
                for importer in stacks.importers(client, export)
                if importer not in going
            ]
    for store in deletion.stores:
        if stores.is_protected(target, store):
            reasons.append(
                f"The {store} is protected against deletion: deploy it with "
                "PARAMETERS=DeletionProtection=false first."
            )
        owner = stores.tags(target, store).get("environment", ONLY)
        if owner != ONLY:
            reasons.append(f"The {store} belongs to {owner}.")
    return reasons


def _carry_out(target: "Target", deletions: "list[Deletion]") -> None:
    by_name = {each.component.name: each for each in deletions}

    def work(name: str) -> None:
        each = by_name[name]
        with target.progress.task(f"destroying {name}", f"{name} destroyed"):
            _destroy(target, each)

    # Deleted before a component is what imports from it.
    after = {name: [other for other in by_name if name in target.graph[other]] for name in by_name}
    schedule.run(after, work, lambda: None)


def _destroy(target: "Target", deletion: Deletion) -> None:
    component = deletion.component
    for store in deletion.stores:
        # A bucket that goes with its stack has to be empty then.
        if store.kind == stores.BUCKET and not store.is_kept:
            _empty(target, store)
    stacks.delete(target.cloudformation(component), component.stack, target.poll)
    target.remember(component, deployed=False)
    for store in deletion.stores:
        if stores.exists(target, store):
            if store.kind == stores.BUCKET:
                _empty(target, store)
            stores.delete(target, store)
            target.progress.say(f"  {store} deleted")


def _empty(target: "Target", store: stores.Store) -> None:
    gone = stores.empty(target.s3(), store.name)
    if gone:
        target.progress.say(f"  {store} emptied of {gone} versions")
