"""Which failures of AWS pass by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from lambda_common.problems import TemporarilyUnavailable

SERVER_ERROR = 500
# What botocore's standard mode retries for being throttled or slow
# (https://boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html).
BUSY_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)

_BUSY = "The service is busy. Try again in a few seconds."


def code(error: Exception) -> str:
    """Return the error code of an AWS answer, or the class of an error that had no answer."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "Unknown"))
    return type(error).__name__


def is_busy(error: ClientError | BotoCoreError) -> bool:
    """Tell whether a service was busy, failed or did not answer: the same call may succeed soon."""
    if isinstance(error, ClientError):
        # What a gateway in between answers has no code of the service's.
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code(error) in BUSY_CODES or status >= SERVER_ERROR
    return isinstance(error, HTTPClientError | NoConnectionError)


@contextmanager
def busy_as_problem() -> Iterator[None]:
    """Turn the failures that pass by themselves into a problem; all others stay what they are.

    Raises:
        TemporarilyUnavailable: A service was busy, failed or did not answer.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if is_busy(error):
            raise TemporarilyUnavailable(_BUSY) from error
        raise
