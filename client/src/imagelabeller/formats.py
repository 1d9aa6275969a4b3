"""What kind of picture a file is."""

import mimetypes
from pathlib import Path

import filetype

# The endings that programs give to files of the accepted formats.
ENDINGS = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".pjpeg", ".pjp", ".mpo"),
        *(".png", ".apng", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff"),
        *(".avif", ".avifs", ".heic", ".heics", ".heif", ".heifs", ".hif"),
    }
)
# As many bytes as filetype looks at.
HEAD = 8192
UNKNOWN = "application/octet-stream"
# Names that the API does not know for formats that it accepts.
ALSO_CALLED = {"image/apng": "image/png", "image/x-ms-bmp": "image/bmp"}


def content_type(path: Path) -> str:
    """Return the media type of a file: by its first bytes, or else by its name.

    Args:
        path: The file.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        found = filetype.guess_mime(file.read(HEAD))
    kind: str = found or mimetypes.guess_type(path.name)[0] or UNKNOWN
    return ALSO_CALLED.get(kind, kind)


def is_picture(path: Path) -> bool:
    """Tell whether a file's name ends like a picture's.

    Args:
        path: The file.
    """
    return path.suffix.lower() in ENDINGS and not path.is_dir()
