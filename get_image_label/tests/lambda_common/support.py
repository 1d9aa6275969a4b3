"""What the tests of functions share: contexts, requests, and the kinds of problems."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lambda_common.problems import Problem


@dataclass(frozen=True)
class FakeContext:
    """As much of Lambda's context as is read."""

    function_name: str = "Function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-west-1:123456789012:function:Function"
    aws_request_id: str = "4c8b2b0e-6a2f-4a5c-9f0e-0d3f9b1c2d3e"
    remaining_milliseconds: int = 28_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_milliseconds


def api_request(route: str, **changes: object) -> dict[str, Any]:
    """A request in API Gateway's proxy format (REST API, payload version 1.0)."""
    method, path = route.split()
    event: dict[str, Any] = {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": {"Host": "api.example", "x-api-key": "not for the log"},
        "multiValueHeaders": {"Host": ["api.example"], "x-api-key": ["not for the log"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"requestId": "1", "httpMethod": method, "stage": "v1"},
        "body": None,
        "isBase64Encoded": False,
    }
    return {**event, **changes}


def kinds(kind: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """All kinds of problems in the modules that are loaded."""
    for each in kind.__subclasses__():
        if hasattr(each, "slug"):
            yield each
        yield from kinds(each)
