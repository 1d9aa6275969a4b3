"""Where a deployment goes: an environment in a region, on AWS or on the emulators."""

import abc
import contextlib
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local_aws.deploying import stacks
from local_aws.errors import DeploymentError
from local_aws.project import components, order, parameters
from local_aws.project.expansion import Stack

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractContextManager

    from boto3 import Session
    from botocore.config import Config
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts.type_defs import GetCallerIdentityResponseTypeDef

    from local_aws.project.components import Component
    from local_aws.settings import Settings
    from local_aws.tools.progress import Progress


class Target(abc.ABC):
    """An environment in a region, with the components that are deployed there.

    What is not abstract is AWS's: it is complete, keeps others from a stack that changes, and what
    is deployed there is not remembered from one command to the next.

    Attributes:
        settings: Name the project's directory, the environment and the region.
        progress: Shows what is being done.
        poll: Seconds between two looks at something that is under way.
        is_disposable: Whether it is there to be thrown away, data and all.
        platform: Make variables that say for which machine packages are built; none for Lambda's.
    """

    poll: float = 5
    is_disposable = False
    platform: "Sequence[str]" = ()

    def __init__(self, settings: "Settings", progress: "Progress") -> None:
        self.settings = settings
        self.progress = progress
        self._clients: dict[Any, Any] = {}
        # A session is not safe to share between threads, its clients are.
        self._making_clients = threading.Lock()

    @cached_property
    def components(self) -> "dict[str, Component]":
        """All components of the project."""
        return components.discover(self.settings.root)

    @cached_property
    def values(self) -> "Mapping[str, str]":
        """Parameters that differ from the environment's files, whichever template has them."""
        return parameters.chosen(self.settings.parameters, self.components.values())

    def values_of(self, component: "Component") -> dict[str, str]:
        """Return those of the differing parameters that a component's template has."""
        parameters.check_size(self.settings.size, self.components.values())
        chosen = parameters.chosen(self.settings.parameters, self.components.values())
        of_size = parameters.of_size(component, self.settings.size)
        return parameters.fitting(component, self.values) | {
            name: value for name, value in of_size.items() if name not in chosen
        }

    def stack(self, component: "Component") -> Stack:
        """Return a component's template with the values that its stack has after a deployment."""
        pseudo = {
            "AWS::AccountId": self.account(),
            "AWS::Region": self.settings.region,
            "AWS::StackName": component.stack,
        }
        return Stack(component.name, component.template, self.effective[component.name] | pseudo)

    @cached_property
    def effective(self) -> "dict[str, dict[str, str]]":
        """By component, the parameters of its stack after a deployment."""
        return {
            each.name: each.parameters(self.settings.environment) | self.values_of(each)
            for each in self.components.values()
        }

    @cached_property
    def graph(self) -> "dict[str, dict[str, str]]":
        """By component, the export that it needs of each other component."""
        return order.graph(self.components.values(), self.effective)

    def choose(self, names: "Sequence[str]") -> "list[Component]":
        """Return the named components, or the whole application, in the order of deployment.

        Raises:
            UsageError: If there is no such component.
            CloudError: If stacks would not agree on what they must.
        """
        parameters.check_agreement(self.effective)
        chosen = components.choose(self.components, names, self.settings.environment, self.values)
        ordered = order.sequence(self.graph)
        return sorted(chosen, key=lambda component: ordered.index(component.name))

    def missing(
        self, component: "Component", exports: "dict[str | None, set[str]] | None" = None
    ) -> "list[Component]":
        """Return the components that a component needs and that are not deployed.

        Args:
            component: The component.
            exports: By address of the CloudFormation, what it is known to export; filled here.
        """
        there = {} if exports is None else exports
        absent = []
        for producer, export in self.graph[component.name].items():
            other = self.components[producer]
            url = self.url(other)
            if url not in there:
                there[url] = stacks.exports(self.cloudformation(other))
            if export not in there[url]:
                absent.append(other)
        return absent

    def check_dependencies(self, chosen: "Collection[Component]") -> None:
        """Check that what each component needs is deployed, or deployed with it.

        Raises:
            DeploymentError: If not; the message says what to deploy first.
        """
        exports: dict[str | None, set[str]] = {}
        for component in chosen:
            for other in self.missing(component, exports):
                if other not in chosen:
                    raise DeploymentError(
                        f"{component.name} needs {other.stack}, which is not deployed: "
                        f"make deploy COMPONENT={other.name}"
                    )

    @abc.abstractmethod
    def session(self) -> "Session":
        """Return a boto3 session with the target's credentials and region."""

    @abc.abstractmethod
    def url(self, component: "Component | None" = None) -> str | None:
        """Return where the AWS APIs answer that a component's stack needs; None for AWS's own.

        Raises:
            NotRunningError: If it is an emulator that does not run, or was killed.
        """

    @abc.abstractmethod
    def variables(self, component: "Component | None") -> dict[str, str]:
        """Return the environment variables of a component's make; None has no stack."""

    def is_complete(self, component: "Component") -> bool:  # noqa: ARG002 # an emulator asks
        """Tell whether the stack's CloudFormation has drift detection, imports and protection."""
        return True

    def lock(self) -> "AbstractContextManager[None]":
        """Keep other commands from changing the target meanwhile."""
        return contextlib.nullcontext()

    def is_deployed(self, component: "Component") -> bool:  # noqa: ARG002 # an emulator asks
        """Tell whether the component is known to be deployed as it is packaged."""
        return False

    def remember(self, component: "Component", *, deployed: bool) -> None:  # noqa: B027 # AWS is asked
        """Remember that a component was deployed as it is packaged, or that it was deleted."""

    def cloudformation(self, component: "Component") -> "CloudFormationClient":
        """Return a client of the CloudFormation that has a component's stack."""
        client: CloudFormationClient = self.client("cloudformation", component)
        return client

    def s3(self) -> "S3Client":
        """Return a client of S3."""
        client: S3Client = self.client("s3")
        return client

    def dynamodb(self) -> "DynamoDBClient":
        """Return a client of DynamoDB."""
        client: DynamoDBClient = self.client("dynamodb")
        return client

    @cached_property
    def identity(self) -> "GetCallerIdentityResponseTypeDef":
        """Whose credentials these are."""
        identity: GetCallerIdentityResponseTypeDef = self.client("sts").get_caller_identity()
        return identity

    def account(self) -> str:
        """Return the account's number."""
        return self.identity["Account"]

    def client(
        self,
        service: Any,
        component: "Component | None" = None,
        *,
        region: str = "",
        config: "Config | None" = None,
    ) -> Any:
        """Return a client; each is made once, since the SDK reads a service's description then.

        Args:
            service: The service's name in boto3.
            component: The component whose stack it is about, which an emulator may have.
            region: Another region than the target's.
            config: Timeouts and retries other than the SDK's.
        """
        key = service, region or self.settings.region, self.url(component), config
        with self._making_clients:
            if key not in self._clients:
                self._clients[key] = self._session.client(
                    service, region_name=key[1], endpoint_url=key[2], config=config
                )
        return self._clients[key]

    @cached_property
    def _session(self) -> "Session":
        return self.session()
