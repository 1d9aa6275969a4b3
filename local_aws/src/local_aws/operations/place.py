"""Where operations act."""

import abc
import graphlib
from functools import cached_property
from typing import TYPE_CHECKING

from local_aws import components, order, parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from boto3 import Session
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

    from local_aws.components import Component
    from local_aws.progress import Progress
    from local_aws.settings import Settings


class Place(abc.ABC):
    """An environment in a region of some cloud.

    Attributes:
        settings: Name the house, the environment and the region.
        progress: Shows what is being done.
        poll: Seconds between two looks at something that is under way.
        is_disposable: Whether it is there to be thrown away, data and all.
    """

    poll: float
    is_disposable: bool

    def __init__(self, settings: "Settings", progress: "Progress") -> None:
        self.settings = settings
        self.progress = progress

    @cached_property
    def components(self) -> "dict[str, Component]":
        """All components of the house."""
        return components.discover(self.settings.house)

    @cached_property
    def values(self) -> "Mapping[str, str]":
        """Parameters that differ from the environment's files, whichever template has them."""
        return parameters.chosen(self.settings.parameters, self.components.values())

    @cached_property
    def graph(self) -> "dict[str, dict[str, str]]":
        """By component, the export that it needs of each other component."""
        return order.graph(
            self.components.values(),
            {
                each.name: each.parameters(self.settings.environment)
                | parameters.fitting(each, self.values)
                for each in self.components.values()
            },
        )

    def choose(self, names: "Sequence[str]") -> "list[Component]":
        """Return the named components, or the whole application, in the order of deployment.

        Raises:
            UsageError: If there is no such component.
        """
        chosen = components.choose(self.components, names, self.settings.environment, self.values)
        ordered = list(graphlib.TopologicalSorter(self.graph).static_order())
        return sorted(chosen, key=lambda component: ordered.index(component.name))

    @abc.abstractmethod
    def session(self) -> "Session":
        """Return a boto3 session with the place's credentials and region."""

    @abc.abstractmethod
    def url(self, component: "Component | None" = None) -> str | None:
        """Return where the AWS APIs answer that a component's stack needs; None for AWS's own."""

    @abc.abstractmethod
    def is_whole(self, component: "Component") -> bool:
        """Tell whether CloudFormation can all there that it can on AWS."""

    @abc.abstractmethod
    def variables(self, component: "Component") -> dict[str, str]:
        """Return the environment variables of a component's make."""

    @abc.abstractmethod
    def target(self) -> list[str]:
        """Return make variables that say for which machine packages are built."""

    @abc.abstractmethod
    def reserved(self) -> "AbstractContextManager[None]":
        """Keep other commands from changing the place meanwhile."""

    @abc.abstractmethod
    def deploy(self, names: "Sequence[str]") -> None:
        """Deploy components that were reviewed, in the order they need.

        Raises:
            DeploymentError: If one fails; the message is the cause.
        """

    @abc.abstractmethod
    def forget(self, component: "Component") -> None:
        """Forget what is remembered of a component's deployment, since it is deleted."""

    def cloudformation(self, component: "Component") -> "CloudFormationClient":
        """Return a client of the CloudFormation that has a component's stack."""
        return self.session().client("cloudformation", endpoint_url=self.url(component))

    def s3(self) -> "S3Client":
        """Return a client of S3."""
        return self.session().client("s3", endpoint_url=self.url())

    def dynamodb(self) -> "DynamoDBClient":
        """Return a client of DynamoDB."""
        return self.session().client("dynamodb", endpoint_url=self.url())

    def account(self) -> str:
        """Return the account's number."""
        return (
            self.session().client("sts", endpoint_url=self.url()).get_caller_identity()["Account"]
        )
