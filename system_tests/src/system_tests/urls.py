"""Where an API's URL leads, on AWS and on the embedded cloud."""

import re

_EXECUTE_API = re.compile(r"https://(?P<api>[a-z0-9]+)\.execute-api\.[^/]+/(?P<rest>.+)")


def reachable(url: str, endpoint: str | None) -> str:
    """Map the URL of an API to one that answers.

    Args:
        url: The URL that the stack gives: `https://<id>.execute-api.<region>.<suffix>/<path>`.
        endpoint: The embedded cloud's URL, or None for AWS.

    Returns:
        The URL itself on AWS, `<endpoint>/_aws/execute-api/<id>/<path>` on the embedded cloud.

    Raises:
        ValueError: The URL is not one of API Gateway's.
    """
    match = _EXECUTE_API.fullmatch(url)
    if not match:
        raise ValueError(f"{url} is not the URL of an API's stage")
    return f"{endpoint}/_aws/execute-api/{match['api']}/{match['rest']}" if endpoint else url
