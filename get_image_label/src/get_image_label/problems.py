"""What can go wrong with a look-up, as RFC 9457 problem details.

Problem
├── InvalidImageId         400  not the text of a UUID
├── UnknownImage           404  no such image, or no longer
├── TemporarilyUnavailable 503  DynamoDB throttles or does not answer
└── InternalError          500  our fault
"""

from typing import ClassVar

TYPE_PREFIX = "urn:imagelabeller:problem:"


class Problem(Exception):
    """A look-up that is answered with a problem document.

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


class InvalidImageId(Problem):
    """What was passed as an image's id cannot be one."""

    slug, title, status = "invalid-image-id", "The image id is not valid", 400


class UnknownImage(Problem):
    """No image has this id, or its time of retention is over."""

    slug, title, status = "unknown-image", "The image is unknown", 404


class TemporarilyUnavailable(Problem):
    """DynamoDB refused for now; the same look-up may succeed in a moment."""

    slug, title, status = "temporarily-unavailable", "Temporarily unavailable", 503
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}


class InternalError(Problem):
    """A fault of ours; its detail says nothing of the inside."""

    slug, title, status = "internal-error", "Internal error", 500
