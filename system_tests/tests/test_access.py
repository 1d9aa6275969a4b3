from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.credentials import Credentials

from system_tests.access import auth_for, auth_mode
from system_tests.auth import Anonymous, ApiKey, SigV4
from system_tests.errors import NotReadyError
from system_tests.stacks import Stack

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

CREDENTIALS = Credentials("AKIAIOSFODNN7EXAMPLE", "secret")


class FakeApiGateway:
    """Knows one key."""

    def get_api_key(self, *, apiKey: str, includeValue: bool) -> dict[str, Any]:  # noqa: N803 # boto3's names
        assert includeValue
        return {"id": apiKey, "value": f"value of {apiKey}"}


def auth(stack: Stack) -> object:
    return auth_for(stack, cast("APIGatewayClient", FakeApiGateway()), CREDENTIALS, "us-west-1")


def test_an_api_with_a_key_wants_the_key_of_the_system_tests() -> None:
    stack = Stack("Mine", {"ApiKeyId": "users", "SystemTestsApiKeyId": "k1"}, {})
    assert auth_mode(stack) == "ApiKey"
    assert auth(stack) == ApiKey("value of k1")


def test_an_api_for_iam_wants_a_signature() -> None:
    stack = Stack("Mine", {}, {"AuthMode": "IAM"})
    assert auth_mode(stack) == "IAM"
    assert auth(stack) == SigV4(CREDENTIALS, "us-west-1")


def test_an_open_api_wants_nothing() -> None:
    stack = Stack("Mine", {}, {"AuthMode": "None"})
    assert auth_mode(stack) == "None"
    assert isinstance(auth(stack), Anonymous)


@pytest.mark.parametrize("parameters", [{}, {"AuthMode": "ApiKey"}])
def test_refuses_to_guess(parameters: dict[str, str]) -> None:
    with pytest.raises(NotReadyError, match="Mine has no SystemTestsApiKeyId"):
        auth_mode(Stack("Mine", {}, parameters))
