"""What a check has found out, and how a refusal by AWS is reported."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 # botocore's own
    HTTPClientError,
)
from botocore.parsers import ResponseParserError

if TYPE_CHECKING:
    from collections.abc import Callable


class Mark(Enum):
    """What a finding means for a deployment."""

    GOOD = "✓"
    BAD = "✗"
    UNKNOWN = "?"
    NOTE = "·"


@dataclass(frozen=True)
class Finding:
    """One result.

    Attributes:
        mark: Whether it stands in the way.
        text: What was found.
        advice: What to do about it; empty if there is nothing to do.
    """

    mark: Mark
    text: str
    advice: str = ""


class Unanswered(Exception):  # noqa: N818 # it says what happened, and is no fault of the program
    """A question that got no answer; the message says why."""


class Unreachable(Unanswered):
    """Nobody listened."""


# What ends a check without a finding.
FAILURES = (Unanswered, BotoCoreError, ClientError)
DENIED = {
    "403",
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "Forbidden",
    "NotAuthorized",
    "OptInRequired",
    "UnauthorizedOperation",
}
EXPIRED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
BUSY = {
    "RequestLimitExceeded",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
FAULT = 500
# What an emulator answers that does not know a service or an operation.
UNKNOWN_HERE = {
    "404",
    "501",
    "InternalFailure",
    "InvalidAction",
    "MissingAuthenticationToken",
    "NotImplemented",
    "UnknownOperation",
    "UnknownOperationException",
    "UnsupportedOperation",
}


def ask[T](action: str, call: "Callable[[], T]", *, embedded: bool = False) -> T:
    """Ask AWS something.

    Args:
        action: The IAM action that it needs.
        call: Asks.
        embedded: Whether an emulator is asked, which does not know everything.

    Raises:
        Unanswered: If there was no answer.
        ClientError: If the answer is an error that says something about what was asked.
    """
    try:
        return call()
    except ClientError as error:
        code = str(error.response["Error"].get("Code"))
        if code in EXPIRED:
            raise Unanswered(f"the credentials are expired or wrong ({code})") from error
        if code in DENIED or "not authorized to perform" in str(error):
            raise Unanswered(f"this identity lacks {action}") from error
        if embedded and (code in UNKNOWN_HERE or code.isdigit()):
            raise Unanswered("the embedded cloud does not know that") from error
        if code in BUSY or error.response["ResponseMetadata"]["HTTPStatusCode"] >= FAULT:
            raise Unanswered(f"AWS is busy ({code}): try again") from error
        raise
    except (HTTPClientError, ConnectionError) as error:
        raise Unreachable(f"AWS was not reached: {error}") from error
    except BotoCoreError as error:
        raise Unanswered(str(error).rstrip(".")) from error
    except ResponseParserError as error:
        raise Unanswered("the answer did not come from AWS, but perhaps from a proxy") from error


def unanswered(what: str, reason: Exception) -> Finding:
    """Say that something could not be found out, because of one of the FAILURES."""
    why = reason if isinstance(reason, Unanswered) else f"AWS answered: {reason}"
    return Finding(Mark.UNKNOWN, f"{what}: could not be checked, since {why}.")


def found(title: str, find: "Callable[[], Finding]") -> Finding:
    """Return what was found, or that it could not be found out.

    Args:
        title: What is looked at.
        find: Looks at it.
    """
    try:
        return find()
    except FAILURES as reason:
        return unanswered(title, reason)
