"""What goes wrong with a request, as RFC 9457 problem details.

Each component adds problems of its own. Whatever the client brings about is a 4xx.
"""

from typing import ClassVar

TYPE_PREFIX = "urn:imagelabeller:problem:"


class Problem(Exception):
    """A request that is answered with a problem document.

    Args:
        detail: What is wrong in this case and what to do about it; shown to the client.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]
    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def document(self) -> dict[str, str | int]:
        """Return the members of the problem document (RFC 9457, section 3.1)."""
        return {
            "type": TYPE_PREFIX + self.slug,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }


class InvalidRequest(Problem):
    """The request is not one of the documented forms."""

    slug, title, status = "invalid-request", "The request is not valid", 400


class TemporarilyUnavailable(Problem):
    """A service that the function depends on refused for now."""

    slug, title, status = "temporarily-unavailable", "Temporarily unavailable", 503
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}


class InternalError(Problem):
    """A fault of ours; its detail says nothing of the inside."""

    slug, title, status = "internal-error", "Internal error", 500
