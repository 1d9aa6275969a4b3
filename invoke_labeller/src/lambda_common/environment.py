"""Reads a function's environment variables, once, when the function starts."""

from collections.abc import Callable, Mapping
from typing import cast

_MAX_DIGITS = 9


class SettingsError(Exception):
    """The environment lacks variables, or gives them values that make no sense; one line each."""


class Environment:
    """Environment variables, and what is wrong with them.

    Args:
        variables: The environment variables, `os.environ` on Lambda.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._faults: list[str] = []

    def read[T](self, name: str, convert: Callable[[str], T], default: str | None = None) -> T:
        """Return a variable's value; where something is wrong with it, `check` raises.

        Args:
            name: The variable's name.
            convert: Makes the value of the text, or raises ValueError with the end of a sentence
                that begins with the variable's name.
            default: The text where the variable is not set; without it, it must be set.
        """
        text = self._variables.get(name, default)
        if text is None:
            self._faults.append(f"{name} is not set")
        else:
            try:
                return convert(text)
            except ValueError as error:
                self._faults.append(f"{name} {error}")
        return cast("T", None)  # Nobody sees it: `check` raises.

    def check(self) -> None:
        """Raise a SettingsError with everything that was wrong with what was read."""
        if self._faults:
            raise SettingsError("\n".join(self._faults))


def text(value: str) -> str:
    """Return a text that is not blank, without the spaces around it."""
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def positive(value: str) -> int:
    """Return a whole number above 0."""
    # str.isdecimal alone would let the digits of other scripts pass.
    if not (value.isascii() and value.isdecimal() and len(value) <= _MAX_DIGITS and int(value)):
        raise ValueError(f"must be a whole number above 0, of at most {_MAX_DIGITS} digits")
    return int(value)
