"""Answers in the form that API Gateway's Lambda proxy integration expects."""

import json
from typing import Any

from get_image_label.problems import Problem
from get_image_label.records import Body

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def http_success(body: Body) -> dict[str, Any]:
    """Wrap a body as a 200.

    Args:
        body: Ready for JSON.

    Returns:
        The proxy response.
    """
    return _response(200, {"Content-Type": "application/json"}, body)


def http_problem(problem: Problem) -> dict[str, Any]:
    """Wrap a problem as the response that it asks for.

    Args:
        problem: What is wrong.

    Returns:
        The proxy response, its body the problem document (RFC 9457).
    """
    headers = {"Content-Type": "application/problem+json", **problem.headers}
    return _response(problem.status, headers, problem.document())


def _response(status: int, headers: dict[str, str], body: Body) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": HEADERS | headers,
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
