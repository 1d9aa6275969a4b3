import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from invoke_labeller.errors import PermanentError, TransientError
from invoke_labeller.transient import transient
from lambda_common.aws_errors import code


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "arn:aws:secret"}}, "GetItem")


@pytest.mark.parametrize(
    "error",
    [
        client_error("ThrottlingException"),
        client_error("AccessDeniedException"),
        EndpointConnectionError(endpoint_url="https://secret"),
    ],
)
def test_a_failure_of_aws_is_transient_and_named_by_its_code(error: Exception) -> None:
    with pytest.raises(TransientError) as caught, transient("The row cannot be read"):
        raise error

    assert str(caught.value) == f"The row cannot be read: {code(error)}"
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [PermanentError("The model refused."), KeyError("Item")])
def test_what_is_no_failure_of_aws_passes(error: Exception) -> None:
    with pytest.raises(type(error)), transient("The row cannot be read"):
        raise error


def test_an_error_without_a_code_is_unknown() -> None:
    assert code(ClientError({}, "GetItem")) == "Unknown"
