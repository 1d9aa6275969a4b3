"""The application's HTTP API, as a client of the embedded cloud sees it."""

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError

from local_aws.clients import TIMEOUTS, session
from local_aws.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

EXECUTE_API = re.compile(r"^https://([^./]+)\.execute-api\.[^/]+/(.*)$")
FIRST_ERROR = 400


@dataclass(frozen=True)
class Route:
    """One route of the API.

    Attributes:
        url: Its address in the embedded cloud.
        key: The API key that it wants, or None.
    """

    url: str
    key: str | None = None

    def curl(self, query: str) -> str:
        """Return a command line that calls it.

        Args:
            query: What follows the question mark.
        """
        header = f"-H 'x-api-key: {self.key}' " if self.key else ""
        return f"curl {header}'{self.url}?{query}'"

    def get(self, **query: str) -> dict[str, Any]:
        """Call it.

        Args:
            **query: The query's parameters.

        Returns:
            The answer's body.

        Raises:
            CloudError: If it is a problem document or no answer comes; the message is for people.
        """
        headers = {"x-api-key": self.key} if self.key else {}
        try:
            with urllib3.PoolManager(retries=False, timeout=60) as pool:
                answer = pool.request("GET", f"{self.url}?{urlencode(query)}", headers=headers)
        except HTTPError as error:
            raise CloudError("The embedded cloud does not answer: make status") from error
        body = _document(answer.data)
        if body is None:
            raise CloudError(f"The API answered {answer.status} without a JSON object: make logs")
        if answer.status >= FIRST_ERROR:
            raise CloudError(problem(answer.status, body))
        return body


def _document(text: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def problem(status: int, body: "Mapping[str, Any]") -> str:
    """Say a problem document (RFC 9457) in a line."""
    told = [
        str(body[name]).rstrip(".") for name in ("title", "detail", "message") if body.get(name)
    ]
    return f"The API refused this ({status}): {': '.join(told) or 'without a reason'}."


def local_url(url: str, cloud: str) -> str:
    """Map an API's public URL to where MiniStack serves it.

    Args:
        url: `https://<api>.execute-api.<region>.amazonaws.com/<stage>/<path>`, a stack's output.
        cloud: Where MiniStack answers.

    Raises:
        CloudError: If it is no such URL.
    """
    match = EXECUTE_API.match(url)
    if match is None:
        raise CloudError(f"{url} is not the URL of an API.")
    return f"{cloud}/_aws/execute-api/{match[1]}/{match[2]}"


def find(output: str, stacks: "Mapping[str, Mapping[str, str]]", cloud: str, region: str) -> Route:
    """Find a route by the output that names it.

    Args:
        output: Key of the output, `SubmitImageAPI`.
        stacks: Outputs by stack.
        cloud: Where MiniStack answers.
        region: Region of the stacks.

    Raises:
        CloudError: If no stack has such an output.
    """
    for outputs in stacks.values():
        if output in outputs:
            return Route(local_url(outputs[output], cloud), _key(outputs, cloud, region))
    raise CloudError(f"No deployed stack has an output {output}: make deploy")


def _key(outputs: "Mapping[str, str]", cloud: str, region: str) -> str | None:
    if "ApiKeyId" not in outputs:
        return None
    gateway = session(region).client("apigateway", endpoint_url=cloud, config=TIMEOUTS)
    return gateway.get_api_key(apiKey=outputs["ApiKeyId"], includeValue=True)["value"]
