"""What a check knows: the target, the components' values there, and how AWS is asked."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from local_aws.deploying import stacks
from local_aws.preflight.findings import ask
from local_aws.project import templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from boto3 import Session

    from local_aws.deploying.target import Target
    from local_aws.project.components import Component

# Nothing belongs to a stack in one of these.
EMPTY = ("ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS")
# A region that every account has.
KNOWN = "us-east-1"
# A check that hangs is no answer either.
TIMEOUT = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 2})


class Context:
    """A region of an account, to which an environment is deployed.

    Args:
        target: Where it would be deployed.

    Attributes:
        target: Where it would be deployed.
        asked: The IAM actions that were needed so far.
    """

    def __init__(self, target: "Target") -> None:
        self.target = target
        self.asked: set[str] = set()
        self._clients: dict[tuple[str, str, str | None], Any] = {}

    @property
    def region(self) -> str:
        """The region."""
        return self.target.settings.region

    @property
    def environment(self) -> str:
        """The environment."""
        return self.target.settings.environment

    @property
    def is_embedded(self) -> bool:
        """Whether it is the embedded cloud, which does not know everything."""
        return self.target.is_disposable

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Whose credentials these are."""
        # Any region knows; the target's may have no such name.
        return self.ask(
            "sts:GetCallerIdentity",
            lambda: dict(self.client("sts", region=KNOWN).get_caller_identity()),
        )

    @property
    def account(self) -> str:
        """The account's number."""
        return str(self.identity["Account"])

    def client(self, service: Any, component: "Component | None" = None, region: str = "") -> Any:
        """Return a client of a service.

        Args:
            service: Its name in boto3.
            component: The component whose emulator is meant, if this is the embedded cloud.
            region: Another region than the target's.
        """
        key = service, region or self.region, self.target.url(component)
        if key not in self._clients:
            # Making one takes longer than most answers.
            self._clients[key] = self._session.client(
                service, region_name=key[1], endpoint_url=key[2], config=TIMEOUT
            )
        return self._clients[key]

    @cached_property
    def _session(self) -> "Session":
        # A session reads the services' descriptions once.
        return self.target.session()

    def ask[T](self, action: str, call: "Callable[[], T]") -> T:
        """Ask AWS something; see `findings.ask`."""
        self.asked.add(action)
        return ask(action, call, embedded=self.is_embedded)

    def values(self, component: "Component") -> dict[str, str]:
        """Return the parameters that a component would be deployed with."""
        return self.target.effective[component.name]

    def has_stack(self, component: "Component") -> bool:
        """Ask whether a component's stack is there and has resources."""
        client = self.client("cloudformation", component)
        status = self.ask(
            "cloudformation:DescribeStacks", lambda: stacks.status(client, component.stack)
        )
        return status not in {None, *EMPTY}

    def named(self, kind: str) -> "list[tuple[Component, str]]":
        """Return what the templates give a name of its own, which is in the way if it exists.

        Args:
            kind: `BucketName`, `TableName` and so on: the property that holds the name.
        """
        return [
            (component, name)
            for component in self.target.components.values()
            for resource in component.template["Resources"].values()
            if (name := self._name(component, resource.get("Properties", {}).get(kind)))
            and _is_that(resource["Type"], kind)
        ]

    def _name(self, component: "Component", value: Any) -> str | None:
        if value is None:
            return None
        names = {
            **self.values(component),
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::StackName": component.stack,
        }
        return templates.resolve(value, names)


def _is_that(resource_type: str, property_name: str) -> bool:
    """Tell whether a property names the resource itself, not one that it refers to."""
    return property_name == f"{resource_type.rpartition('::')[2]}Name"
