"""Answers, in the form that the invoker expects."""

import json
from typing import Any

from submit_image.events import is_api_request
from submit_image.problems import Problem
from submit_image.service import Accepted

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def accepted(event: object, submission: Accepted) -> dict[str, Any]:
    """Answer a submission that was accepted.

    Args:
        event: The event that is answered.
        submission: What was accepted.

    Returns:
        202 for API Gateway, the plain body for a direct invocation.
    """
    body = {"ImageId": submission.image_id, "Status": submission.status}
    headers = {
        "Content-Type": "application/json",
        "Location": f"/get-image-label?imageId={submission.image_id}",
    }
    return _answer(event, 202, headers, body)


def problem(event: object, cause: Problem) -> dict[str, Any]:
    """Answer a submission that failed.

    Args:
        event: The event that is answered.
        cause: What is wrong.

    Returns:
        The problem's status for API Gateway, the plain problem document for a direct invocation.
    """
    headers = {"Content-Type": "application/problem+json", **cause.headers}
    return _answer(event, cause.status, headers, cause.document())


def _answer(
    event: object, status: int, headers: dict[str, str], body: dict[str, Any]
) -> dict[str, Any]:
    if not is_api_request(event):
        return body
    return {
        "statusCode": status,
        "headers": {**_HEADERS, **headers},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
