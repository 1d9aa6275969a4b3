from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.retries import standard

from lambda_common.aws_errors import BUSY_CODES, busy_as_problem, code
from lambda_common.problems import TemporarilyUnavailable


def client_error(code: str, status: int = 400) -> ClientError:
    answer = {
        "Error": {"Code": code, "Message": "arn:aws:secret"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "GetItem")  # type: ignore[arg-type] # all that is read


BUSY = [
    *map(client_error, sorted(BUSY_CODES)),
    client_error("InternalError", 500),
    client_error("502", 502),
    client_error("ServiceUnavailable", 503),
    ReadTimeoutError(endpoint_url="https://secret"),
    EndpointConnectionError(endpoint_url="https://secret"),
]
OURS = [
    client_error("AccessDenied", 403),
    client_error("ResourceNotFoundException"),
    client_error("ValidationException"),
    NoCredentialsError(),
    KeyError("Item"),
]


def test_the_codes_are_those_that_botocore_retries() -> None:
    # No other place has them, and botocore's stubs leave them out.
    retried: tuple[Any, ...] = (
        standard.ThrottledRetryableChecker,
        standard.TransientRetryableChecker,
    )
    throttled, transient = retried
    assert {
        *throttled._THROTTLED_ERROR_CODES,  # noqa: SLF001
        *transient._TRANSIENT_ERROR_CODES,  # noqa: SLF001
    } == BUSY_CODES


@pytest.mark.parametrize("error", BUSY, ids=code)
def test_what_passes_by_itself_is_a_problem_that_shows_nothing_of_the_inside(
    error: ClientError | BotoCoreError,
) -> None:
    with pytest.raises(TemporarilyUnavailable) as problem, busy_as_problem():
        raise error

    assert problem.value.__cause__ is error
    assert "secret" not in problem.value.detail
    assert code(error) not in problem.value.detail


@pytest.mark.parametrize("error", OURS, ids=code)
def test_what_does_not_pass_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, busy_as_problem():
        raise error

    assert raised.value is error


def test_an_error_is_named_by_its_code_or_its_class() -> None:
    assert code(client_error("SlowDown")) == "SlowDown"
    assert code(ClientError({}, "GetItem")) == "Unknown"
    assert code(NoCredentialsError()) == "NoCredentialsError"
