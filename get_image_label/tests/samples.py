"""Events as Lambda delivers them."""

from typing import Any

from tests.lambda_common.support import api_request


def http_event(query: dict[str, list[str]] | None) -> dict[str, Any]:
    """What API Gateway passes on for a GET: a parameter given twice keeps its last value."""
    return api_request(
        "GET /get-image-label",
        queryStringParameters=query and {name: values[-1] for name, values in query.items()},
        multiValueQueryStringParameters=query,
    )
