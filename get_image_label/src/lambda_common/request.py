"""A request through API Gateway, or a direct invocation, as its route reads it."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_common.problems import InvalidRequest


@dataclass
class Request:
    """What a function is asked.

    Attributes:
        event: A request in API Gateway's proxy format (payload version 1.0), or the payload of a
            direct invocation, as Lambda delivers it.
        remaining_seconds: What is left of the invocation.
        by_system_tests: Whether the system tests ask, so that it is counted apart.
        log: Fields of every line that is logged about it; a route adds to them.
        confidential: A URL or another text of which nothing may be logged.
    """

    event: Any
    remaining_seconds: float = 0
    by_system_tests: bool = False
    log: dict[str, object] = field(default_factory=dict)
    confidential: str = ""

    @property
    def is_direct(self) -> bool:
        """Whether it is a direct invocation, which is answered with a plain body."""
        return not isinstance(self.event, Mapping) or "httpMethod" not in self.event

    @property
    def method(self) -> str:
        """The HTTP method; empty for a direct invocation."""
        return "" if self.is_direct else str(self.event["httpMethod"])

    @property
    def route(self) -> str:
        """Method and path, as openapi.yml has them: `GET /submit-image`."""
        return f"{self.method} {self.event.get('resource')}"

    def payload(self) -> object:
        """Return a direct invocation's payload, without what it says of its caller."""
        if not isinstance(self.event, Mapping):
            return self.event
        return {name: value for name, value in self.event.items() if name != "caller"}

    def query(self) -> dict[str, list[object]]:
        """Return all values of each query parameter.

        Raises:
            InvalidRequest: The event has no proper query.
        """
        single = self.event.get("queryStringParameters") or {}
        several = self.event.get("multiValueQueryStringParameters") or {}
        if not isinstance(single, Mapping) or not isinstance(several, Mapping):
            raise InvalidRequest("The query is malformed.")
        values = {**single, **several}
        return {
            name: value if isinstance(value, list) else [value] for name, value in values.items()
        }

    def json(self, example: str, max_length: int) -> object:
        """Return the body's document.

        Args:
            example: A proper body, which a refusal shows.
            max_length: The longest body, in characters.

        Raises:
            InvalidRequest: It is no JSON, too long, or repeats a member.
        """
        media_type = self._content_type().partition(";")[0].strip().lower()
        if media_type not in ("", "application/json"):
            raise InvalidRequest("The body must be JSON: send Content-Type: application/json.")
        body = self.event.get("body")
        if not isinstance(body, str) or not body:
            raise InvalidRequest(f"The body is empty; send {example}.")
        if len(body) > max_length:
            raise InvalidRequest(f"The body is longer than {max_length} characters.")
        encoded = self.event.get("isBase64Encoded")
        try:
            text = base64.b64decode(body, validate=True) if encoded else body
            if isinstance(text, str):
                # Some shells put a byte-order mark before what they send.
                text = text.removeprefix("\ufeff")
            return json.loads(text, object_pairs_hook=_members)
        except (ValueError, RecursionError):
            raise InvalidRequest("The body is not valid JSON.") from None

    def _content_type(self) -> str:
        headers = self.event.get("headers")
        if not isinstance(headers, Mapping):
            return ""
        values = (value for name, value in headers.items() if str(name).lower() == "content-type")
        return str(next(values, ""))


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InvalidRequest("The body repeats a member.")
    return members
