"""What the user has set: `make label FILE=a.jpg` hands it on as IMAGELABELLER_FILE."""

import re
from typing import TYPE_CHECKING

from local_aws.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

# A shell has variables such as NAME and PORT for reasons of its own.
PREFIX = "IMAGELABELLER_"


def variables(environ: "Mapping[str, str]") -> dict[str, str]:
    """Return what the user has set, without the prefix; what is empty is not set.

    Args:
        environ: Environment variables.
    """
    return {
        name.removeprefix(PREFIX): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and value
    }


def answer(given: "Mapping[str, str]", name: str) -> bool | None:
    """Return whether a variable says yes or no, or None where it is not set.

    Raises:
        UsageError: If it says anything else.
    """
    text = given.get(name)
    if text not in {"yes", "no", None}:
        raise UsageError(f"{name} must be yes or no, not {text!r}.")
    return None if text is None else text == "yes"


def number(given: "Mapping[str, str]", name: str, highest: int, meaning: str) -> int | None:
    """Return a variable's number, or None where it is not set.

    Args:
        given: What the user has set.
        name: The variable.
        highest: The highest number that it may be; the lowest is 0.
        meaning: What 0 means, for the message.

    Raises:
        UsageError: If it is no such number.
    """
    text = given.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > highest:
        raise UsageError(f"{name} must be a number from 0 ({meaning}) to {highest}, not {text!r}.")
    return int(text)
