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

# moto has no empty change set, which the SAM CLI would take for a success.
NO_UPDATES = "No updates are to be performed"
# Environments whose stacks are not protected from deletion.
UNPROTECTED = ("test",)


class Deployment:
    """A deployment of some components.

    Args:
        target: Where to.
        runner: Runs the components' make.
        change_sets: By component, the change set that was reviewed and is executed as it is; those
            that are executed are taken out.
    """

    def __init__(
        self,
        target: "Target",
        runner: "Runner",
        change_sets: "dict[str, str] | None" = None,
    ) -> None:
        self._target = target
        self._runner = runner
        self._change_sets = {} if change_sets is None else change_sets

    def run(self, chosen: "Sequence[Component]", *, again: bool = True) -> list[str]:
        """Package and deploy components.

        Args:
            chosen: The components.
            again: Whether also those are deployed that have not changed since the last time.

        Returns:
            The names of the components that were deployed.

        Raises:
            DeploymentError: If one fails, or needs a stack that is neither chosen nor deployed; the
                message is the cause.
        """
        target, by_name = self._target, {each.name: each for each in chosen}
        target.check_dependencies(chosen)
        if target.platform:
            target.progress.say(
                f"Lambda has Python {platforms.LAMBDA.python} and {platforms.LAMBDA.platform}; "
                f"packages are built for this machine instead: {' '.join(target.platform)}"
            )
        open_ones = [name for name in by_name if name not in self._change_sets]
        with target.progress.phase("packages"):
            schedule.run(
                dict.fromkeys(open_ones, ()),
                lambda name: make.rebuild(self._runner, target, by_name[name]),
                self._runner.cancel,
            )
        deployed: list[str] = []
        unchanged: list[str] = []

        def deploy(name: str) -> None:
            component = by_name[name]
            if not again and target.is_deployed(component):
                unchanged.append(name)
                return
            with target.progress.task(f"deploying {name}", f"{name} deployed"):
                self._deploy(component)
                target.deployed(component)
            deployed.append(name)

        within = {name: target.graph[name].keys() & by_name for name in by_name}
        try:
            with target.progress.phase("stacks"):
                schedule.run(within, deploy, self._runner.cancel)
        finally:
            for component in chosen:
                make.discard_foreign(target, component)
        if unchanged:
            target.progress.say(f"unchanged: {', '.join(unchanged)}")
        return deployed

    def _deploy(self, component: "Component") -> None:
        client = self._target.cloudformation(component)
        before = stacks.last_event(client, component.stack)
        reviewed = self._change_sets.pop(component.name, None)
        try:
            if reviewed:
                self._execute(component, reviewed)
            else:
                make.deploy(self._runner, self._target, component)
        except CommandError as error:
            if NO_UPDATES in str(error):
                return
            # An emulator that was killed meanwhile is reported as that.
            client = self._target.cloudformation(component)
            causes = stacks.causes(client, component.stack, before) or [str(error)]
            log = self._target.settings.logs / f"deploy-{component.name}.log"
            written = [] if reviewed else [f"Log: {log}"]
            raise DeploymentError(
                "\n".join([f"{component.name} could not be deployed:", *causes, *written])
            ) from error

    def _execute(self, component: "Component", change_set: str) -> None:
        client = self._target.cloudformation(component)
        client.execute_change_set(ChangeSetName=change_set)
        status = stacks.wait(client, component.stack, self._target.poll)
        if status not in stacks.UPDATED:
            raise CommandError(f"{component.stack} is {status}.")
        make.publish(self._runner, self._target, component)
        if self._target.settings.environment in UNPROTECTED:
            return
        if self._target.is_complete(component):
            stacks.protect(client, component.stack, component.path / "stack-policy.json")
