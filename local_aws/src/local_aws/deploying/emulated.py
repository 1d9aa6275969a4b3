"""The emulators, as a target of deployments."""

import threading
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws import clients
from local_aws.deploying import make, platforms
from local_aws.deploying.target import Target
from local_aws.project import model, parameters
from local_aws.servers import running, state
from local_aws.servers.plans import MINISTACK, MOTO
from local_aws.tools import environ

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boto3 import Session

    from local_aws.project.components import Component
    from local_aws.settings import Settings
    from local_aws.tools.progress import Progress


class Emulated(Target):
    """An environment in the embedded cloud."""

    poll = 0.1
    is_disposable = True

    def __init__(self, settings: "Settings", progress: "Progress") -> None:
        super().__init__(settings, progress)
        self.platform = platforms.overrides(platforms.of_host())
        self._memory = threading.Lock()

    @cached_property
    def values(self) -> "Mapping[str, str]":
        """Parameters in which a local deployment differs, and those that the user asks for."""
        served = state.load(self.settings.state).model
        local = parameters.local(
            self.server().port,
            self.server().website,
            model.describe(Path(served)) if served else None,
            platforms.of_host().architecture,
        )
        return parameters.merged(local, super().values)

    def server(self, component: "Component | None" = None) -> state.Server:
        """Return the emulator that has a component's stack: MiniStack, or moto for SageMaker's.

        Raises:
            NotRunningError: If it does not run, or was killed.
        """
        complete = component is None or self.is_complete(component)
        return running.find(self.settings.state, MINISTACK if complete else MOTO)

    def session(self) -> "Session":
        """Return a session with the emulators' credentials."""
        return clients.session(self.settings.region)

    def url(self, component: "Component | None" = None) -> str:
        """Return where the emulator answers that has a component's stack."""
        return self.server(component).url

    def is_complete(self, component: "Component") -> bool:
        """Tell whether MiniStack has the stack: moto has no drift and no protection."""
        return not component.needs_sagemaker

    def variables(self, component: "Component | None") -> dict[str, str]:
        """Return the variables that send a component's make to its emulator."""
        return (
            environ.of_tool()
            | environ.emulator(self.url(component), self.settings.region)
            | make.variables(self.settings)
            | {"SAM_CLI_POLL_DELAY": "0.1"}
        )

    def lock(self) -> AbstractContextManager[None]:
        """Hold the cloud's lock."""
        return state.locked(self.settings.state / "lock", wait=False)

    def is_deployed(self, component: "Component") -> bool:
        """Tell whether this very emulator was given this package with these parameters."""
        with self._memory:
            known = state.load(self.settings.state).deployed.get(component.name)
        return known == self._digest(component)

    def remember(self, component: "Component", *, deployed: bool) -> None:
        """Remember what was deployed to which process, or that it was deleted."""
        with self._memory:
            remembered = state.load(self.settings.state)
            remembered.deployed.pop(component.name, None)
            if deployed:
                remembered.deployed[component.name] = self._digest(component)
            state.save(self.settings.state, remembered)

    def _digest(self, component: "Component") -> str:
        values = self.values_of(component)
        inputs = make.digest(component, self.settings.environment, values)
        return f"{inputs} {self.server(component).process.identity}"
