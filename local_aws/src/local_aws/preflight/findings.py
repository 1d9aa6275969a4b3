"""What a check has found out, or why it could not."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

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
