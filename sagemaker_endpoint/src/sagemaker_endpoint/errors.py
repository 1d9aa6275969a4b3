"""What can go wrong.

Error:
├── BuildError    the model package cannot be built
├── PackageError  the model package cannot be served
├── ImageError    the image cannot be classified
└── ServerError   the server cannot be started
"""


class Error(Exception):
    """An error whose message is one sentence for the person who can fix it."""


class BuildError(Error):
    """The sources of a model package are missing or not what was pinned."""


class PackageError(Error):
    """A model package is missing, incomplete or contradicts itself."""


class ImageError(Error):
    """The bytes are not an image that can be decoded within the limits."""


class ServerError(Error):
    """The server cannot listen on the given address."""
