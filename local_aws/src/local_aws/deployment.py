"""Deploys components to the embedded cloud, each by its own Makefile, in the order they need."""

import shutil
import threading
from typing import TYPE_CHECKING

from local_aws import (
    clients,
    failures,
    gateway,
    order,
    parameters,
    running,
    schedule,
    state,
    target,
)
from local_aws.commands import CommandError
from local_aws.errors import DeploymentError
from local_aws.make import Make, digest
from local_aws.plans import MINISTACK, MOTO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_aws.commands import Runner
    from local_aws.components import Component
    from local_aws.progress import Progress
    from local_aws.settings import Settings
    from local_aws.state import Server

NO_UPDATES = "No updates are to be performed"


class Deployment:
    """A deployment of some components.

    Args:
        settings: The cloud's settings.
        progress: Shows what is being done.
        runner: Runs the components' make.
        components: All components of the house, by name.
        values: Parameters in which a local deployment differs, whichever template has them.
    """

    def __init__(
        self,
        settings: "Settings",
        progress: "Progress",
        runner: "Runner",
        components: "Mapping[str, Component]",
        values: "Mapping[str, str]",
    ) -> None:
        self._settings = settings
        self._progress = progress
        self._runner = runner
        self._components = components
        self._host = target.overrides(target.of_host())
        self._make = Make(runner, settings, self._host)
        self._values = {c.name: parameters.fitting(c, values) for c in components.values()}
        effective = {
            c.name: c.parameters(settings.environment) | self._values[c.name]
            for c in components.values()
        }
        # It is no import, since on AWS the endpoint may have been made by hand.
        parameters.check_agreement("EndpointName", effective)
        self._graph = order.graph(components.values(), effective)
        self._memory = threading.Lock()

    def run(self, chosen: "Sequence[Component]", *, again: bool) -> list[str]:
        """Package and deploy components.

        Args:
            chosen: The components.
            again: Whether also those are deployed that have not changed since the last time.

        Returns:
            The names of the components that were deployed.

        Raises:
            DeploymentError: If one fails, or needs a stack that is neither chosen nor deployed.
        """
        names = {component.name for component in chosen}
        self._check_dependencies(names)
        if self._host:
            self._progress.say(
                f"Lambda has Python {target.LAMBDA.python} and {target.LAMBDA.platform}; packages "
                f"are built for this machine instead: {' '.join(self._host)}"
            )
        with self._progress.phase("packages"):
            schedule.run(dict.fromkeys(names, ()), self._package, self._runner.cancel)
        deployed: list[str] = []
        unchanged: list[str] = []

        def deploy(name: str) -> None:
            done = self._deploy(self._components[name], again=again)
            (deployed if done else unchanged).append(name)

        within = {name: self._graph[name].keys() & names for name in names}
        try:
            with self._progress.phase("stacks"):
                schedule.run(within, deploy, self._runner.cancel)
        finally:
            self._remove_foreign_packages(chosen)
        if unchanged:
            self._progress.say(f"unchanged: {', '.join(unchanged)}")
        return deployed

    def _check_dependencies(self, names: "set[str]") -> None:
        there = clients.exports(
            clients.cloudformation(self._server(MINISTACK).url, self._settings.region)
        )
        for name in sorted(names):
            for producer, export in self._graph[name].items():
                if producer not in names and export not in there:
                    raise DeploymentError(
                        f"{name} needs {self._components[producer].stack}, which is not deployed: "
                        f"make deploy COMPONENT={producer}"
                    )

    def _package(self, name: str) -> None:
        component = self._components[name]
        if self._host and _is_native(component):
            # Make cannot see that a package is there but for another machine.
            shutil.rmtree(component.path / "build", ignore_errors=True)
        try:
            with self._progress.task(f"packaging {name}", f"{name} packaged"):
                self._make.package(component.path)
        except CommandError as error:
            raise DeploymentError(f"{name} cannot be packaged: {error}") from error

    def _deploy(self, component: "Component", *, again: bool) -> bool:
        server = self._server(MOTO if component.needs_sagemaker else MINISTACK)
        values = self._values[component.name]
        inputs = digest(component, self._settings.environment, values)
        current = f"{inputs} {server.process.identity}"
        with self._memory:
            known = state.load(self._settings.state).deployed.get(component.name)
        if known == current and not again:
            return False
        try:
            with self._progress.task(f"deploying {component.name}", f"{component.name} deployed"):
                self._make.deploy(component, server.url, values)
                gateway.apply(component, server.url, self._settings.region)
        except CommandError as error:
            # moto has no empty change set, which the SAM CLI would take for a success.
            if NO_UPDATES not in str(error):
                raise DeploymentError(self._reason(component, server, str(error))) from error
        with self._memory:
            remembered = state.load(self._settings.state)
            remembered.deployed[component.name] = current
            state.save(self._settings.state, remembered)
        return True

    def _reason(self, component: "Component", server: "Server", said: str) -> str:
        if server.process.find() is None:
            return (
                f"The emulator (pid {server.process.pid}) was killed while {component.name} was "
                "being deployed, and what it held is gone: make up deploy"
            )
        client = clients.cloudformation(server.url, self._settings.region)
        causes = failures.failed_resources(clients.events(client, component.stack)) or [said]
        log = self._settings.logs / f"deploy-{component.name}.log"
        return "\n".join([f"{component.name} could not be deployed:", *causes, f"Log: {log}"])

    def _server(self, name: str) -> "Server":
        return running.find(self._settings.state, name)

    def _remove_foreign_packages(self, chosen: "Sequence[Component]") -> None:
        """Leave no package for this machine where a deployment to AWS would take it."""
        for component in chosen:
            if self._host and _is_native(component):
                shutil.rmtree(component.path / "build", ignore_errors=True)


def _is_native(component: "Component") -> bool:
    return any(artifact.endswith(".zip") for artifact in component.artifacts)
