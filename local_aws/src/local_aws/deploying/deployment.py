"""Deploys components to a target, each by its own Makefile, in the order they need."""

from typing import TYPE_CHECKING

from local_aws.deploying import make, platforms, stacks
from local_aws.errors import DeploymentError
from local_aws.tools import schedule
from local_aws.tools.commands import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local_aws.deploying.target import Target
    from local_aws.project.components import Component
    from local_aws.tools.commands import Runner

# Environments whose stacks are not protected from deletion.
UNPROTECTED = ("test",)


def deploy(
    target: "Target",
    runner: "Runner",
    chosen: "Sequence[Component]",
    *,
    change_sets: "dict[str, str] | None" = None,
    again: bool = True,
) -> list[str]:
    """Package and deploy components.

    Args:
        target: Where to.
        runner: Runs the components' make.
        chosen: The components.
        change_sets: By component, the change set that was reviewed and is executed as it is; those
            that are executed are taken out.
        again: Whether also those are deployed that have not changed since the last time.

    Returns:
        The names of the components that were deployed.

    Raises:
        DeploymentError: If one fails, or needs a stack that is neither chosen nor deployed; the
            message is the cause.
    """
    reviewed = {} if change_sets is None else change_sets
    by_name = {each.name: each for each in chosen}
    target.check_dependencies(chosen)
    if target.platform:
        target.progress.say(
            f"Lambda has Python {platforms.LAMBDA.python} and {platforms.LAMBDA.platform}; "
            f"packages are built for this machine instead: {' '.join(target.platform)}"
        )
    open_ones = [name for name in by_name if name not in reviewed]
    with target.progress.phase("packages"):
        schedule.run(
            dict.fromkeys(open_ones, ()),
            lambda name: make.rebuild(runner, target, by_name[name]),
            runner.cancel,
        )
    deployed: list[str] = []
    unchanged: list[str] = []

    def work(name: str) -> None:
        component = by_name[name]
        if not again and target.is_deployed(component):
            unchanged.append(name)
            return
        with target.progress.task(f"deploying {name}", f"{name} deployed"):
            _deploy(target, runner, component, reviewed.pop(name, None))
            target.remember(component, deployed=True)
        deployed.append(name)

    within = {name: target.graph[name].keys() & by_name for name in by_name}
    try:
        with target.progress.phase("stacks"):
            schedule.run(within, work, runner.cancel)
    finally:
        for component in chosen:
            make.discard_foreign(target, component)
    if unchanged:
        target.progress.say(f"unchanged: {', '.join(unchanged)}")
    return deployed


def _deploy(
    target: "Target", runner: "Runner", component: "Component", change_set: str | None
) -> None:
    """Execute a component's change set, or let its make create and execute one."""
    before = stacks.last_event(target.cloudformation(component), component.stack)
    try:
        if change_set:
            _execute(target, runner, component, change_set)
        else:
            make.deploy(runner, target, component)
    except CommandError as error:
        if stacks.NO_UPDATES in str(error):
            return
        # An emulator that was killed meanwhile is reported as that.
        client = target.cloudformation(component)
        causes = stacks.causes(client, component.stack, before) or [str(error)]
        log = target.settings.logs / f"deploy-{component.name}.log"
        written = [] if change_set else [f"Log: {log}"]
        raise DeploymentError(
            "\n".join([f"{component.name} could not be deployed:", *causes, *written])
        ) from error


def _execute(target: "Target", runner: "Runner", component: "Component", change_set: str) -> None:
    client = target.cloudformation(component)
    client.execute_change_set(ChangeSetName=change_set)
    status = stacks.wait(client, component.stack, target.poll)
    if status not in stacks.UPDATED:
        raise CommandError(f"{component.stack} is {status}.")
    make.publish(runner, target, component)
    if target.settings.environment not in UNPROTECTED and target.is_complete(component):
        stacks.protect(client, component.stack, component.path / "stack-policy.json")
