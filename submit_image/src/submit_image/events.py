"""Reads the submitted URL out of whatever event invoked the function."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from submit_image.problems import InvalidRequest
from submit_image.urls import MAX_LENGTH

# JSON may write a character as six, and a little room is left for the rest of the document.
MAX_BODY_LENGTH = 6 * MAX_LENGTH + 1024

_SHOWN = 40


def is_api_request(event: object) -> bool:
    """Tell a request through API Gateway from a direct invocation."""
    return isinstance(event, dict) and "httpMethod" in event


def submitted_url(event: object) -> str:
    """Return the URL that an event submits.

    Args:
        event: A request in API Gateway's proxy format (payload version 1.0), or `{"url": "..."}`.

    Returns:
        The URL as it was given, not checked yet.

    Raises:
        InvalidRequest: The event is neither.
    """
    if not isinstance(event, dict) or not is_api_request(event):
        return _only_url(event, "event")
    if event["httpMethod"] == "GET":
        return _only_url(_query(event), "query")
    if event["httpMethod"] != "POST":
        raise InvalidRequest("Use GET or POST.")
    if _query(event):
        raise InvalidRequest("A POST request takes the URL in its body, not in the query.")
    return _only_url(_body(event), "body")


def _only_url(fields: object, place: str) -> str:
    if not isinstance(fields, dict):
        raise InvalidRequest(f'The {place} must be a JSON object such as {{"url": "https://…"}}.')
    unknown = sorted(str(name)[:_SHOWN] for name in fields if name != "url")
    if unknown and place == "query":
        # A URL with a query of its own falls apart at its first "&" unless it was encoded.
        raise InvalidRequest(
            f"Unknown query parameter {unknown[0]!r}. If it is part of the URL, encode the URL."
        )
    if unknown:
        raise InvalidRequest(
            f"The {place} has the unknown member {unknown[0]!r}; it takes only url."
        )
    url = fields.get("url")
    if not isinstance(url, str) or not url:
        raise InvalidRequest(f"The {place} must give url, a non-empty string.")
    return url


def _query(event: Mapping[str, Any]) -> dict[object, object]:
    several = event.get("multiValueQueryStringParameters") or {}
    single = event.get("queryStringParameters") or {}
    if not isinstance(several, dict) or not isinstance(single, dict):
        raise InvalidRequest("The query is malformed.")
    values = several.get("url")
    if isinstance(values, list) and len(values) > 1:
        raise InvalidRequest("The query must give url once.")
    return {**dict.fromkeys(several), **single}


def _body(event: Mapping[str, Any]) -> object:
    media_type = _content_type(event).partition(";")[0].strip().lower()
    if media_type not in ("", "application/json"):
        raise InvalidRequest("The body must be JSON: send Content-Type: application/json.")
    body = event.get("body")
    if not isinstance(body, str) or not body:
        raise InvalidRequest('The body is empty; send {"url": "https://…"}.')
    if len(body) > MAX_BODY_LENGTH:
        raise InvalidRequest(f"The body is longer than {MAX_BODY_LENGTH} characters.")
    try:
        text = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body
        return json.loads(text, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        raise InvalidRequest("The body is not valid JSON.") from None


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise InvalidRequest("The body repeats a member.")
    return members


def _content_type(event: Mapping[str, Any]) -> str:
    headers = event.get("headers")
    if not isinstance(headers, dict):
        return ""
    return next(
        (str(value) for name, value in headers.items() if str(name).lower() == "content-type"), ""
    )
