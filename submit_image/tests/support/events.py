"""Requests as API Gateway passes them on (REST API, payload version 1.0)."""

import json
from typing import Any
from urllib.parse import parse_qs

from tests.lambda_common.support import api_request


def get(query: str) -> dict[str, Any]:
    several = parse_qs(query, keep_blank_values=True)
    return api_request(
        "GET /submit-image",
        queryStringParameters={name: values[-1] for name, values in several.items()} or None,
        multiValueQueryStringParameters=several or None,
    )


def post(body: object, content_type: str | None = "application/json", **changes: object) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {} if content_type is None else {"content-type": content_type}
    return api_request("POST /submit-image", **{"body": text, "headers": headers, **changes})
