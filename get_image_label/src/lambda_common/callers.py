"""Tells the system tests from users, so that no metric and no alarm counts a test as a user."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

SYSTEM_TESTS = "system-tests"

_SEPARATOR = re.compile(r"[\s,]+")


@dataclass(frozen=True)
class SystemTests:
    """Who the system tests are.

    API Gateway says who sent a request, not the request itself:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
    A direct invocation may say it of itself, since IAM decides who may invoke the function.

    Attributes:
        identities: Ids of their API keys, and names of their IAM roles.
    """

    identities: frozenset[str]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "SystemTests":
        """Read SYSTEM_TESTS_IDENTITIES: ids and names with commas between them, or nothing."""
        listed = _SEPARATOR.split(environment.get("SYSTEM_TESTS_IDENTITIES", ""))
        return cls(frozenset(filter(None, listed)))

    def sent(self, event: object) -> bool:
        """Tell whether an event comes from the system tests.

        Args:
            event: A request in API Gateway's proxy format (payload version 1.0), or the payload of
                a direct invocation, which may have the member `"caller": "system-tests"`.

        Returns:
            True only where that is known: whatever is in doubt counts as a user.
        """
        if not isinstance(event, Mapping):
            return False
        if "httpMethod" not in event:
            return event.get("caller") == SYSTEM_TESTS
        context = event.get("requestContext")
        identity = context.get("identity") if isinstance(context, Mapping) else None
        if not isinstance(identity, Mapping):
            return False
        return not self.identities.isdisjoint(
            {str(identity.get("apiKeyId")), _role(identity.get("userArn"))}
        )


def _role(arn: object) -> str:
    # arn:aws:sts::123456789012:assumed-role/ROLE/SESSION
    parts = str(arn).split("/")
    return parts[1] if parts[0].endswith(":assumed-role") and len(parts) > 1 else ""
