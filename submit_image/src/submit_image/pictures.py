"""What a file is, by its bytes alone: neither the URL's ending nor the remote's headers count."""

import hashlib
import struct
from dataclasses import dataclass

from submit_image import formats, otherfiles
from submit_image.formats.limits import check_pixels, damaged
from submit_image.problems import InvalidImage, UnsupportedImage


@dataclass(frozen=True)
class Picture:
    """A picture whose header makes sense; its pixels are not decoded here.

    Attributes:
        content: The file.
        content_type: Its media type.
        width: Its width in pixels, as it is displayed (EXIF orientation applied).
        height: Its height in pixels, likewise.
    """

    content: bytes
    content_type: str
    width: int
    height: int

    @property
    def sha256(self) -> bytes:
        """The SHA-256 digest of the file."""
        return hashlib.sha256(self.content).digest()


def is_picture(content: bytes) -> bool:
    """Tell whether a file begins as an accepted type does."""
    return formats.content_type(content) is not None


def inspect(content: bytes) -> Picture:
    """Read a picture's type and dimensions.

    Args:
        content: The file.

    Returns:
        The picture.

    Raises:
        InvalidImage: The file is empty, its header cannot be read, or it has too many pixels or
            other parts.
        UnsupportedImage: It is of another type than JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF and HEIC.
    """
    if not content:
        raise InvalidImage("The file is empty.")
    content_type = formats.content_type(content)
    if content_type is None:
        raise UnsupportedImage(otherfiles.described(content))
    try:
        width, height = formats.WALKS[content_type](content)
    except (struct.error, IndexError, OverflowError):
        raise damaged() from None
    check_pixels(width, height)
    return Picture(content, content_type, width, height)
