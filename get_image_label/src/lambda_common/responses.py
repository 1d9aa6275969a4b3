"""Responses, in the form that the invoker expects."""

import json
from dataclasses import dataclass, field
from typing import Any

from lambda_common.problems import Problem
from lambda_common.request import Request

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Response:
    """What a request is answered.

    Attributes:
        status: The HTTP status.
        body: Ready for JSON; None for no body.
        headers: Headers in addition to those of every response.
    """

    status: int
    body: dict[str, Any] | None
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem) -> "Response":
        """Return a problem's response, with the problem document (RFC 9457) as its body."""
        headers = {"Content-Type": "application/problem+json", **problem.headers}
        return cls(problem.status, problem.document(), headers)

    def to(self, request: Request) -> dict[str, Any]:
        """Return what Lambda answers.

        Args:
            request: The request that is answered.

        Returns:
            A response in API Gateway's proxy format; the plain body for a direct invocation.
        """
        if request.is_direct:
            return self.body or {}
        content_type = {} if self.body is None else {"Content-Type": "application/json"}
        return {
            "statusCode": self.status,
            "headers": {**_HEADERS, **content_type, **self.headers},
            "body": "" if self.body is None else json.dumps(self.body),
            "isBase64Encoded": False,
        }
