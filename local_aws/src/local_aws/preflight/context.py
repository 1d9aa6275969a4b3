"""What a check knows: the target, the components' values there, and how AWS is asked."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 # botocore's own
    HTTPClientError,
)
from botocore.parsers import ResponseParserError

from local_aws.deploying import stacks
from local_aws.preflight.findings import Unanswered, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local_aws.deploying.target import Target
    from local_aws.project.components import Component

# Nothing belongs to a stack in one of these.
EMPTY = ("ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS")
# A region that every account has.
KNOWN = "us-east-1"
# A check that hangs is no answer either.
TIMEOUT = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 2})
DENIED = {
    "403",
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "Forbidden",
    "NotAuthorized",
    "OptInRequired",
    "UnauthorizedOperation",
}
EXPIRED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
BUSY = {
    "RequestLimitExceeded",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
FAULT = 500
# What an emulator answers that does not know a service or an operation.
UNKNOWN_HERE = {
    "404",
    "501",
    "InternalFailure",
    "InvalidAction",
    "MissingAuthenticationToken",
    "NotImplemented",
    "UnknownOperation",
    "UnknownOperationException",
    "UnsupportedOperation",
}


class Context:
    """A region of an account, to which an environment is deployed.

    Args:
        target: Where it would be deployed.

    Attributes:
        target: Where it would be deployed.
        region: The region.
        environment: The environment.
        is_embedded: Whether it is the embedded cloud, which does not know everything.
        asked: The IAM actions that were needed so far.
    """

    def __init__(self, target: "Target") -> None:
        self.target = target
        self.region = target.settings.region
        self.environment = target.settings.environment
        self.is_embedded = target.is_disposable
        self.asked: set[str] = set()

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Whose credentials these are."""
        # Any region knows; the target's may have no such name.
        return self.ask(
            "sts:GetCallerIdentity",
            lambda: dict(self.client("sts", region=KNOWN).get_caller_identity()),
        )

    def client(self, service: str, component: "Component | None" = None, region: str = "") -> Any:
        """Return a client of a service, whose answers are not waited for long; see `Target`."""
        return self.target.client(service, component, region=region, config=TIMEOUT)

    def ask[T](self, action: str, call: "Callable[[], T]") -> T:
        """Ask AWS something.

        Args:
            action: The IAM action that it needs.
            call: Asks.

        Raises:
            Unanswered: If there was no answer.
            ClientError: If the answer is an error that says something about what was asked.
        """
        self.asked.add(action)
        try:
            return call()
        except ClientError as error:
            code = str(error.response["Error"].get("Code"))
            if code in EXPIRED:
                raise Unanswered(f"the credentials are expired or wrong ({code})") from error
            if code in DENIED or "not authorized to perform" in str(error):
                raise Unanswered(f"this identity lacks {action}") from error
            if self.is_embedded and (code in UNKNOWN_HERE or code.isdigit()):
                raise Unanswered("the embedded cloud does not know that") from error
            if code in BUSY or error.response["ResponseMetadata"]["HTTPStatusCode"] >= FAULT:
                raise Unanswered(f"AWS is busy ({code}): try again") from error
            raise
        except (HTTPClientError, ConnectionError) as error:
            raise Unreachable(f"AWS was not reached: {error}") from error
        except BotoCoreError as error:
            raise Unanswered(str(error).rstrip(".")) from error
        except ResponseParserError as error:
            raise Unanswered(
                "the answer did not come from AWS, but perhaps from a proxy"
            ) from error

    def values(self, component: "Component") -> dict[str, str]:
        """Return the parameters that a component would be deployed with."""
        return self.target.effective[component.name]

    def has_stack(self, component: "Component") -> bool:
        """Ask whether a component's stack is there and has resources."""
        return self.status(component) not in {None, *EMPTY}

    def status(self, component: "Component") -> str | None:
        """Ask for the status of a component's stack; None where there is none."""
        client = self.client("cloudformation", component)
        return self.ask(
            "cloudformation:DescribeStacks", lambda: stacks.status(client, component.stack)
        )

    def named(self, kind: str) -> "Iterator[tuple[Component, str]]":
        """Yield what the templates give a name of its own, which is in the way if it exists.

        Args:
            kind: `BucketName`, `TableName` and so on: the property that holds the name.
        """
        for component in self.target.components.values():
            stack = self.target.stack(component)
            for resource in stack.template["Resources"].values():
                # It names the resource itself, not one that the resource refers to.
                if kind == f"{resource['Type'].rpartition('::')[2]}Name" and (
                    name := stack.text(resource.get("Properties", {}).get(kind))
                ):
                    yield component, name
