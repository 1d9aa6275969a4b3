"""Events as Lambda delivers them."""

from typing import Any


def http_event(query: dict[str, list[str]] | None) -> dict[str, Any]:
    """What API Gateway passes on for a GET: a parameter given twice keeps its last value."""
    return {
        "resource": "/get-image-label",
        "path": "/get-image-label",
        "httpMethod": "GET",
        "headers": {"Accept": "*/*", "x-api-key": "not for the log"},
        "queryStringParameters": query and {name: values[-1] for name, values in query.items()},
        "multiValueQueryStringParameters": query,
        "requestContext": {"stage": "v1", "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"},
        "body": None,
        "isBase64Encoded": False,
    }
