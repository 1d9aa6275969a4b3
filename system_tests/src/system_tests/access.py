"""Who may call an API, found out from the deployed stack."""

from typing import TYPE_CHECKING, Literal

from botocore.credentials import Credentials, ReadOnlyCredentials
from requests.auth import AuthBase

from system_tests.auth import Anonymous, ApiKey, SigV4
from system_tests.errors import NotReadyError
from system_tests.stacks import Stack

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

type AuthMode = Literal["ApiKey", "IAM", "None"]


def auth_mode(stack: Stack) -> AuthMode:
    """Tell how an API tells its callers apart.

    Args:
        stack: The API's stack.

    Returns:
        The stack's parameter AuthMode; a stack with an API key needs none.

    Raises:
        NotReadyError: The stack says nothing about it.
    """
    if "SystemTestsApiKeyId" in stack.outputs:
        return "ApiKey"
    match stack.parameters.get("AuthMode"):
        case "IAM":
            return "IAM"
        case "None":
            return "None"
        case other:
            raise NotReadyError(
                f"The stack {stack.name} has no SystemTestsApiKeyId, and AuthMode is {other}."
            )


def auth_for(
    stack: Stack,
    apigateway: "APIGatewayClient",
    credentials: Credentials | ReadOnlyCredentials,
    region: str,
) -> AuthBase:
    """Make what an API wants from its callers.

    Args:
        stack: The API's stack.
        apigateway: The client, which is asked for the key.
        credentials: Who signs.
        region: The API's region.

    Returns:
        The way of `requests` to prove who sends a request.
    """
    match auth_mode(stack):
        case "ApiKey":
            # Not the users' key: what this one sends is kept out of their metrics and alarms.
            key = apigateway.get_api_key(
                apiKey=stack.output("SystemTestsApiKeyId"), includeValue=True
            )
            return ApiKey(key["value"])
        case "IAM":
            return SigV4(credentials, region)
        case "None":
            return Anonymous()
