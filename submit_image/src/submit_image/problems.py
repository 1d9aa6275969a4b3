"""What can go wrong with a submission, as RFC 9457 problem details.

    Problem
    ├── InvalidRequest        400  the request itself
    ├── InvalidUrl            400  the URL's form
    ├── UrlNotAllowed         400  where the URL leads
    ├── RemoteProblem
    │   ├── ImageNotAvailable 422  an answer other than 200
    │   ├── RemoteFailed      422  no usable answer
    │   ├── RemoteTimeout     422  no complete answer in time
    │   └── TooManyRedirects  422
    ├── ImageTooLarge         413  too many bytes
    ├── UnsupportedImage      415  another type of file
    ├── InvalidImage          422  empty, cut short, too many pixels
    ├── TemporarilyUnavailable 503  AWS is busy
    └── InternalError         500  our fault

Whatever the client or the URL it chose brings about is a 4xx: a dead link is no fault of ours.
"""

from typing import ClassVar

TYPE_PREFIX = "urn:imagelabeller:problem:"


class Problem(Exception):
    """A submission that is answered with a problem document.

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


class InvalidUrl(Problem):
    """The URL's form: syntax, length, scheme, port or credentials."""

    slug, title, status = "invalid-url", "The URL is not valid", 400


class UrlNotAllowed(Problem):
    """The URL leads to an address that is not public."""

    slug, title, status = "url-not-allowed", "The URL is not allowed", 400


class RemoteProblem(Problem):
    """The remote server did not deliver a picture."""

    status = 422


class ImageNotAvailable(RemoteProblem):
    """The remote server answered with another status than 200."""

    slug, title = "image-not-available", "The image is not available"


class RemoteFailed(RemoteProblem):
    """Name look-up, connection, TLS or HTTP failed."""

    slug, title = "remote-failed", "The remote server failed"


class RemoteTimeout(RemoteProblem):
    """The picture was not complete by the deadline."""

    slug, title = "remote-timeout", "The remote server took too long"


class TooManyRedirects(RemoteProblem):
    """The redirects do not come to an end."""

    slug, title = "too-many-redirects", "Too many redirects"


class ImageTooLarge(Problem):
    """The file has more bytes than are accepted."""

    slug, title, status = "image-too-large", "The image is too large", 413


class UnsupportedImage(Problem):
    """The bytes are not of an accepted type."""

    slug, title, status = "unsupported-image", "The file is not a supported image", 415


class InvalidImage(Problem):
    """The bytes begin like a picture, and are not a usable one."""

    slug, title, status = "invalid-image", "The image is not valid", 422


class TemporarilyUnavailable(Problem):
    """A service that the function depends on refused for now."""

    slug, title, status = "temporarily-unavailable", "Temporarily unavailable", 503
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}


class InternalError(Problem):
    """A fault of ours; its detail says nothing of the inside."""

    slug, title, status = "internal-error", "Internal error", 500
