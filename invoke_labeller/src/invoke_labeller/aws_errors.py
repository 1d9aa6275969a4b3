"""Tells the failures of AWS apart from our own."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from invoke_labeller.errors import TransientError


def code(error: Exception) -> str:
    """Return the error code of an AWS answer, or the class of an error that had no answer."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "Unknown"))
    return type(error).__name__


@contextmanager
def transient(action: str) -> Iterator[None]:
    """Turn every failure of an AWS call into a TransientError.

    A denied access, a missing table and a throttled call are all nothing that the picture can be
    blamed for: somebody or time mends them, and the picture waits.

    Args:
        action: What was tried, for the message.

    Raises:
        TransientError: The call failed.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise TransientError(f"{action}: {code(error)}") from error
