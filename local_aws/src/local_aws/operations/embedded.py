"""The embedded cloud as a place."""

import threading
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws import clients, make, model, parameters, state, target
from local_aws.operations.place import Place
from local_aws.plans import MINISTACK, MOTO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boto3 import Session

    from local_aws.cloud import Cloud
    from local_aws.components import Component


class Embedded(Place):
    """The embedded cloud.

    Args:
        cloud: The cloud, which runs.
    """

    poll = 0.1
    is_disposable = True

    def __init__(self, cloud: "Cloud") -> None:
        super().__init__(cloud.settings, cloud.progress)
        self._cloud = cloud
        self._memory = threading.Lock()

    @cached_property
    def values(self) -> "Mapping[str, str]":
        """Parameters in which a local deployment differs, and those that the user asks for."""
        served = state.load(self.settings.state).model
        local = parameters.local(
            self._cloud.server(MINISTACK).port,
            model.describe(Path(served)) if served else None,
            target.of_host().architecture,
        )
        return local | dict(super().values)

    def session(self) -> "Session":
        """Return a session with the emulators' credentials."""
        return clients.session(self.settings.region)

    def url(self, component: "Component | None" = None) -> str:
        """Return where MiniStack answers, or moto for what has resources of SageMaker."""
        whole = component is None or self.is_whole(component)
        return self._cloud.server(MINISTACK if whole else MOTO).url

    def is_whole(self, component: "Component") -> bool:
        """Tell whether MiniStack has the stack: moto has no drift and no protection."""
        return not component.needs_sagemaker

    def variables(self, component: "Component") -> dict[str, str]:
        """Return the variables that keep a component's make from AWS."""
        return make.environment(self.settings, self.url(component))

    def target(self) -> list[str]:
        """Return the variables with which packages run on this machine."""
        return target.overrides(target.of_host())

    def reserved(self) -> AbstractContextManager[None]:
        """Hold the cloud's lock."""
        return state.locked(self.settings.state / "lock", wait=False)

    def deploy(self, names: "Sequence[str]") -> None:
        """Deploy components as the cloud does."""
        self._cloud.deploy(*names)

    def forget(self, component: "Component") -> None:
        """Take a component out of the cloud's memory."""
        with self._memory:
            remembered = state.load(self.settings.state)
            remembered.deployed.pop(component.name, None)
            state.save(self.settings.state, remembered)
