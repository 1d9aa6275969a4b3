"""Everything that can go wrong, as one hierarchy of exceptions."""

from http import HTTPStatus

PROBLEM = "urn:imagelabeller:problem:"
NO_REASON = "The answer has no reason, which the API's answers have: check the API's address"


class ImageLabellerError(Exception):
    """Base of every exception that this package raises on purpose; the message is for people.

    ImageLabellerError
    ├── ConfigurationError         where the API is, or how to call it, is not known
    ├── UnreachableError           no answer came
    ├── AnswerLostError            no answer came, and the request may have been carried out
    ├── FileError                  a file cannot be read, or changed while it was
    ├── UploadRefusedError         the bucket refused the file
    │   └── UploadExpiredError     … since its permission had expired
    ├── LabellingFailedError       the picture was taken, and the model gave no labels
    ├── NotLabelledInTimeError     the picture still waits
    └── ProblemError               the API refused the request, by the problem document's type
        ├── InvalidRequestError
        ├── InvalidUrlError
        ├── ForbiddenError
        ├── UnknownImageError
        ├── ImageTooLargeError
        ├── UnsupportedImageError
        ├── InvalidImageError
        ├── ImageNotAvailableError
        ├── ThrottledError
        └── ServiceError

    Attributes:
        slug: The kind of error, for programs; it does not change from version to version.
    """

    slug = "error"


class ConfigurationError(ImageLabellerError):
    """It is not known where the API is, or how to call it."""

    slug = "configuration"


class UnreachableError(ImageLabellerError):
    """No answer came, after several attempts."""

    slug = "unreachable"


class AnswerLostError(ImageLabellerError):
    """No answer came to a request that may have been carried out and must not be repeated."""

    slug = "answer-lost"


class FileError(ImageLabellerError):
    """A file is missing, cannot be read or changed while it was read."""

    slug = "unreadable-file"


class UploadRefusedError(ImageLabellerError):
    """The bucket refused an upload."""

    slug = "upload-refused"


class UploadExpiredError(UploadRefusedError):
    """The permission to upload has expired: ask for another."""

    slug = "upload-expired"


class LabellingFailedError(ImageLabellerError):
    """The picture was accepted but will get no labels.

    Attributes:
        code: The API's `FailureCode`, or None.
    """

    slug = "labelling-failed"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class NotLabelledInTimeError(ImageLabellerError):
    """The picture still waits for its labels."""

    slug = "not-labelled-in-time"


class ProblemError(ImageLabellerError):
    """The API refused a request with a problem document (RFC 9457).

    Attributes:
        status: The HTTP status.
        title: The kind of problem.
        detail: What is wrong in this case and what to do.
        retry_after: Seconds after which to try again, where the API says so.
    """

    def __init__(
        self,
        status: int,
        slug: str = "",
        title: str = "",
        detail: str = "",
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.slug = slug or f"http-{status}"
        self.title, self.detail = title, detail
        self.retry_after = retry_after
        reasons = [each.rstrip(".") for each in (title, detail) if each]
        super().__init__(f"{': '.join(reasons) or NO_REASON} ({status}).")


class InvalidRequestError(ProblemError):
    """The request is malformed, such as an id that is not a UUID."""


class InvalidUrlError(ProblemError):
    """The URL is malformed, or its address is private, local or special."""


class ForbiddenError(ProblemError):
    """The key or the signature is missing or wrong."""


class UnknownImageError(ProblemError):
    """No image or upload has this id, or it has expired."""


class ImageTooLargeError(ProblemError):
    """The file has too many bytes."""


class UnsupportedImageError(ProblemError):
    """The bytes are not of an accepted format."""


class InvalidImageError(ProblemError):
    """The picture is empty, damaged or has too many pixels."""


class ImageNotAvailableError(ProblemError):
    """The server that the URL names did not give the picture."""


class ThrottledError(ProblemError):
    """Requests come too fast, or the key's quota is used up."""


class ServiceError(ProblemError):
    """A fault of the application: try again later."""


TYPES: dict[str, type[ProblemError]] = {
    "invalid-request": InvalidRequestError,
    "invalid-image-id": InvalidRequestError,
    "invalid-url": InvalidUrlError,
    "url-not-allowed": InvalidUrlError,
    "forbidden": ForbiddenError,
    "unknown-image": UnknownImageError,
    "unknown-upload": UnknownImageError,
    "image-too-large": ImageTooLargeError,
    "request-too-large": ImageTooLargeError,
    "unsupported-image": UnsupportedImageError,
    "invalid-image": InvalidImageError,
    "too-many-pixels": InvalidImageError,
    "image-not-available": ImageNotAvailableError,
    "remote-failed": ImageNotAvailableError,
    "remote-timeout": ImageNotAvailableError,
    "too-many-redirects": ImageNotAvailableError,
    "too-many-requests": ThrottledError,
    "internal-error": ServiceError,
    "temporarily-unavailable": ServiceError,
    "timeout": ServiceError,
}
STATUSES: dict[int, type[ProblemError]] = {
    HTTPStatus.BAD_REQUEST: InvalidRequestError,
    HTTPStatus.FORBIDDEN: ForbiddenError,
    HTTPStatus.NOT_FOUND: UnknownImageError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ImageTooLargeError,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: UnsupportedImageError,
    HTTPStatus.TOO_MANY_REQUESTS: ThrottledError,
}


def problem(
    status: int, document: dict[str, object] | None, retry_after: float | None = None
) -> ProblemError:
    """Make the exception of an answer that is an error.

    Args:
        status: The HTTP status.
        document: The problem document, or None where the body is something else.
        retry_after: Seconds of the header `Retry-After`, if there is one.

    Returns:
        The exception of the problem's type, or else of the status.
    """
    document = document or {}
    name = document.get("type")
    slug = name.removeprefix(PROBLEM) if isinstance(name, str) and name.startswith(PROBLEM) else ""
    by_status = ServiceError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ProblemError
    kind = TYPES.get(slug) or STATUSES.get(status) or by_status
    detail = document.get("detail") or document.get("message") or ""
    return kind(status, slug, str(document.get("title") or ""), str(detail), retry_after)
