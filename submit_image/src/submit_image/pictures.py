"""What a file is, by its bytes alone: neither the URL's ending nor the remote's headers count."""

import hashlib
import io
from dataclasses import dataclass

import filetype
import imagesize

from submit_image.problems import InvalidImage, UnsupportedImage

# What invoke_labeller decodes within its memory; a larger picture would be stored only to fail.
MAX_PIXELS = 50_000_000

# What `filetype` calls a file, and the content type that it is stored with.
_TYPES = {
    "image/apng": "image/png",
    "image/bmp": "image/bmp",
    "image/gif": "image/gif",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/tiff": "image/tiff",
    "image/webp": "image/webp",
}
# imagesize searches a JPEG for its header byte by byte, and an attacker's file has no header.
# A TIFF is read whole: its directory may stand at the end.
_JPEG_HEADER_BYTES = 2_000_000


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


def inspect(content: bytes) -> Picture:
    """Read a picture's type and dimensions.

    Args:
        content: The file.

    Returns:
        The picture.

    Raises:
        InvalidImage: The file is empty, its header cannot be read, or it has too many pixels.
        UnsupportedImage: It is of another type than JPEG, PNG, GIF, WebP, BMP and TIFF.
    """
    if not content:
        raise InvalidImage("The file is empty.")
    content_type = _TYPES.get(filetype.guess_mime(content) or "")
    if content_type is None:
        raise UnsupportedImage("The file is not a JPEG, PNG, GIF, WebP, BMP or TIFF image.")
    header = content[:_JPEG_HEADER_BYTES] if content_type == "image/jpeg" else content
    width, height = imagesize.get(io.BytesIO(header))
    if width < 1 or height < 1:
        raise InvalidImage("The image's header is damaged or cut short.")
    if width * height > MAX_PIXELS:
        raise InvalidImage(f"The image has more than {MAX_PIXELS:,} pixels.")
    return Picture(content, content_type, width, height)
