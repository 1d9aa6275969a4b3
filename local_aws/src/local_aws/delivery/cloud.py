"""The embedded cloud, as the pipelines of the repositories meet it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from local_aws import clients
from local_aws.deploying import stacks
from local_aws.deploying.emulated import Emulated
from local_aws.project import parameters

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_cloudformation.type_defs import StackTypeDef

    from local_aws.cloud import Cloud


class PipelineCloud:
    """What a pipeline needs to deploy to the embedded cloud, and what it has deployed there.

    Args:
        cloud: The cloud, which runs.
        repositories: The directory of the repositories.
    """

    def __init__(self, cloud: "Cloud", repositories: "Path") -> None:
        self._cloud = cloud
        self._target = Emulated(replace(cloud.settings, root=repositories), cloud.progress)

    def variables(self, name: str) -> dict[str, str]:
        """Return the environment variables of a component's pipeline.

        Args:
            name: The component.
        """
        target, component = self._target, self._target.components.get(name)
        values = target.values_of(component) if component else {}
        return (
            self._cloud.environment()
            | target.variables(component)
            | {"PARAMETERS": parameters.as_argument(values)}
            # The packages are for this machine, whose processes run them.
            | dict(each.split("=", 1) for each in target.platform)
        )

    def stack(self, name: str, region: str) -> "StackTypeDef | None":
        """Return a component's stack in a region, or None where it has none there.

        Args:
            name: The component.
            region: The region.
        """
        component = self._target.components.get(name)
        if component is None:
            return None
        client = clients.cloudformation(self._target.url(component), region)
        return stacks.find(client, component.stack)
