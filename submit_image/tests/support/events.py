"""Requests as API Gateway passes them on (REST API, payload version 1.0)."""

import json
from typing import Any
from urllib.parse import parse_qs


def api_request(method: str, **changes: object) -> dict[str, Any]:
    event: dict[str, Any] = {
        "resource": "/submit-image",
        "path": "/submit-image",
        "httpMethod": method,
        "headers": {"Host": "api.example", "x-api-key": "key"},
        "multiValueHeaders": {"Host": ["api.example"], "x-api-key": ["key"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"requestId": "1", "httpMethod": method, "stage": "v1"},
        "body": None,
        "isBase64Encoded": False,
    }
    return {**event, **changes}


def get(query: str) -> dict[str, Any]:
    several = parse_qs(query, keep_blank_values=True)
    return api_request(
        "GET",
        queryStringParameters={name: values[-1] for name, values in several.items()} or None,
        multiValueQueryStringParameters=several or None,
    )


def post(body: object, content_type: str | None = "application/json", **changes: object) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {} if content_type is None else {"content-type": content_type}
    return api_request("POST", **{"body": text, "headers": headers, **changes})
