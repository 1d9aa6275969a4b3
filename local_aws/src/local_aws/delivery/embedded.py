"""The embedded cloud, as the pipelines of the repositories meet it."""

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws import components, gateway, make, model, parameters, state, target
from local_aws.delivery.places import PLACES
from local_aws.plans import ENDPOINT, MINISTACK, MOTO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_aws.cloud import Cloud
    from local_aws.components import Component


class Embedded:
    """What a pipeline needs to deploy to the embedded cloud, and what has to be done after it.

    Args:
        cloud: The cloud, which runs.
        repositories: The directory of the repositories.
    """

    def __init__(self, cloud: "Cloud", repositories: Path) -> None:
        self._cloud = cloud
        self._repositories = repositories

    @cached_property
    def _components(self) -> "Mapping[str, Component]":
        return components.discover(self._repositories)

    def environment(self, name: str) -> dict[str, str]:
        """Return the environment of a component's pipeline.

        Args:
            name: The component.

        Returns:
            This process's environment without Make's, AWS's and Bitbucket's variables; the cloud's
            credentials and endpoints; and the parameters in which a local deployment differs.
        """
        component = self._components.get(name)
        control = component is not None and component.needs_sagemaker
        url = self._cloud.server(MOTO if control else MINISTACK).url
        withheld = tuple(key for key in os.environ if key.startswith("BITBUCKET_"))
        inherited = make.environment(self._cloud.settings, url)
        kept = {key: value for key, value in inherited.items() if key not in withheld}
        return kept | {
            "AWS_ENDPOINT_URL_SAGEMAKER": self._cloud.server(MOTO).url,
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": self._cloud.server(ENDPOINT).url,
            "PARAMETERS": self._parameters(component),
            # The Makefile forbids bytecode, with which the SAM CLI starts twice as fast; here it is
            # kept in the cloud's directory.
            "MAKEFLAGS": "-- PYTHONDONTWRITEBYTECODE=",
            # The packages are for this machine, whose processes run them.
            **dict(each.split("=", 1) for each in target.overrides(target.of_host())),
        }

    def finish(self, name: str) -> None:
        """Do what AWS does with an API's description and the emulator does not.

        Args:
            name: The component, whose pipeline has run.
        """
        component = self._components.get(name)
        if component and gateway.responses(component):
            url = self._cloud.server(MINISTACK).url
            for place in PLACES:
                gateway.apply(component, url, place.region)

    def _parameters(self, component: "Component | None") -> str:
        if component is None:
            return ""
        values = parameters.local(
            self._cloud.server(MINISTACK).port,
            model.describe(Path(state.load(self._cloud.settings.state).model)),
            target.of_host().architecture,
        )
        return parameters.as_argument(parameters.fitting(component, values))
