"""What can go wrong with a submission, in addition to what can with any request.

    Problem
    ├── InvalidUrl            400  the URL's form
    ├── UrlNotAllowed         400  where the URL leads
    ├── InvalidImageId        400  not the text of a UUID
    ├── UnknownUpload         404  nothing was uploaded
    ├── RemoteProblem
    │   ├── ImageNotAvailable 422  an answer without success
    │   ├── RemoteFailed      422  no usable answer
    │   ├── RemoteTimeout     422  no complete answer in time
    │   └── TooManyRedirects  422
    ├── ImageTooLarge         413  too many bytes
    ├── UnsupportedImage      415  another type of file
    └── InvalidImage          422  empty, damaged, too many parts
        └── TooManyPixels     422

Whatever the URL brings about is a 4xx: a dead link is no fault of ours.
"""

from lambda_common.problems import Problem


class InvalidUrl(Problem):
    """The URL's form: syntax, length, scheme, port or credentials."""

    slug, title, status = "invalid-url", "The URL is not valid", 400


class UrlNotAllowed(Problem):
    """The URL leads to an address that is not public."""

    slug, title, status = "url-not-allowed", "The URL is not allowed", 400


class InvalidImageId(Problem):
    """What was passed as an image's id cannot be one."""

    slug, title, status = "invalid-image-id", "The image id is not valid", 400


class UnknownUpload(Problem):
    """Nothing was uploaded under the id, or it has expired or was withdrawn."""

    slug, title, status = "unknown-upload", "The upload is unknown", 404


class RemoteProblem(Problem):
    """The remote server did not deliver a picture."""

    status = 422


class ImageNotAvailable(RemoteProblem):
    """The remote server answered with another status than one of success."""

    slug, title = "image-not-available", "The image is not available"


class RemoteFailed(RemoteProblem):
    """Name look-up, connection, TLS or HTTP failed, or a redirect is at fault."""

    slug, title = "remote-failed", "The remote server failed"


class RemoteTimeout(RemoteProblem):
    """The picture was not complete by the deadline."""

    slug, title = "remote-timeout", "The remote server took too long"


class TooManyRedirects(RemoteProblem):
    """There are too many redirects."""

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


class TooManyPixels(InvalidImage):
    """The picture has more pixels than are decoded."""

    slug, title = "too-many-pixels", "The image has too many pixels"
