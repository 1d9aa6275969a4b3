"""What the system answers, in whichever way it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PROBLEM = "urn:imagelabeller:problem:"


@dataclass(frozen=True)
class Answer:
    """An answer through an API, or of a function that was invoked directly.

    Attributes:
        status: The HTTP status; for a direct invocation the problem's, or None.
        headers: The HTTP headers; none for a direct invocation.
        body: The JSON body.
    """

    status: int | None
    headers: Mapping[str, str]
    body: Any

    @property
    def problem(self) -> str | None:
        """The slug of the problem document, or None where the body is something else."""
        kind = self.body.get("type", "") if isinstance(self.body, dict) else ""
        return kind.removeprefix(PROBLEM) if str(kind).startswith(PROBLEM) else None
