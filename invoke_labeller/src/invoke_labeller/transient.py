"""Turns the failures of AWS into the labeller's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import FailureCode
from lambda_common.aws_errors import code


@contextmanager
def transient(action: str, why: FailureCode = FailureCode.INTERNAL_ERROR) -> Iterator[None]:
    """Turn every failure of an AWS call into a TransientError.

    A denied access, a missing table and a throttled call are all nothing that the picture can be
    blamed for: somebody or time fixes them, and the picture waits.

    Args:
        action: What was tried, for the message.
        why: What its failure is, should the picture be given up for it.

    Raises:
        TransientError: The call failed.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise TransientError(f"{action}: {code(error)}", why) from error
