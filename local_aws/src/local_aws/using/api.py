"""The application's HTTP API, as a client of the embedded cloud sees it."""

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.request import getproxies_environment

from local_aws import clients
from local_aws.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from imagelabeller import Connection
    from mypy_boto3_apigateway import APIGatewayClient

    from local_aws.cloud import Cloud

EXECUTE_API = re.compile(r"^https://([^./]+)\.execute-api\.[^/]+/(.*)$")


@dataclass(frozen=True)
class Route:
    """One route of the API.

    Attributes:
        url: Its address in the embedded cloud.
        key: The API key that it wants, or None.
    """

    url: str
    key: str | None = None

    def curl(self, **query: str) -> str:
        """Return a command line that calls it, whatever the parameters' values are.

        Args:
            **query: The query's parameters, as they are; curl encodes them.
        """
        header = ["-H", f"x-api-key: {self.key}"] if self.key else []
        values = [word for item in query.items() for word in ("--data-urlencode", "=".join(item))]
        # curl knows the user's proxy, which does not know this machine's loopback interface.
        direct = ["--noproxy", "*"] if getproxies_environment().keys() & {"http", "all"} else []
        return shlex.join(["curl", "--get", *direct, *header, *values, self.url])


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


def connection(cloud: "Cloud") -> "Connection":
    """Return where the client finds the API of a cloud.

    Args:
        cloud: The cloud.

    Raises:
        CloudError: If the application is not deployed.
    """
    # Few verbs need it.
    from imagelabeller import Anonymous, ApiKey, Connection  # noqa: PLC0415

    outputs, region = cloud.outputs(), cloud.settings.region
    wanted = ("SubmitImageAPI", "GetImageLabelAPI")
    if not {name for stack in outputs.values() for name in stack}.issuperset(wanted):
        raise CloudError(
            "The application is not deployed in the embedded cloud: make demo or make deploy first."
        )
    submit, look_up = (find(output, outputs, cloud.url, region) for output in wanted)
    auth = [ApiKey(route.key) if route.key else Anonymous() for route in (submit, look_up)]
    return Connection(submit.url, look_up.url, *auth)


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
            key = _key(_key_id(outputs, stacks), cloud, region)
            return Route(local_url(outputs[output], cloud), key)
    raise CloudError(f"No deployed stack has an output {output}: make deploy")


def _key_id(outputs: "Mapping[str, str]", stacks: "Mapping[str, Mapping[str, str]]") -> str | None:
    """Return the id of a stack's key; of another's, where the stack has a usage plan alone."""
    owners = (outputs, *stacks.values()) if "UsagePlanId" in outputs else (outputs,)
    return next((each["ApiKeyId"] for each in owners if "ApiKeyId" in each), None)


def _key(key_id: str | None, cloud: str, region: str) -> str | None:
    if key_id is None:
        return None
    client: APIGatewayClient = clients.client("apigateway", cloud, region)
    return client.get_api_key(apiKey=key_id, includeValue=True)["value"]
