"""Resource patterns of IAM policies, compared as text: `*` stands for anything."""

import re
from collections.abc import Iterable
from functools import cache


def covers(pattern: str, narrower: str) -> bool:
    """Tell whether everything that one pattern stands for, another stands for as well.

    A wildcard of the narrower one has to fall on a wildcard of the other.

    Args:
        pattern: The pattern that may be the wider one.
        narrower: An ARN, or a pattern.
    """
    return _expression(pattern).fullmatch(narrower) is not None


def listed(value: str | Iterable[str]) -> list[str]:
    """Return what a policy may write as one text or as several, as a list."""
    return [value] if isinstance(value, str) else list(value)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
