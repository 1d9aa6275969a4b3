"""Windows and OS/2 bitmaps (https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types)."""

import struct

from submit_image.formats.limits import damaged
from submit_image.problems import UnsupportedImage

SIGNATURE = b"BM"
# BITMAPCOREHEADER, of OS/2 and Windows 2: its fields are half as long.
_CORE = 12
_HEADERS = frozenset({40, 52, 56, 64, 108, 124})
_TOP_DOWN = 0xFF


def size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels.

    Args:
        content: The file.

    Raises:
        InvalidImage: Its header makes no sense.
        UnsupportedImage: Its header is of a kind that is not decoded.
    """
    (length,) = struct.unpack_from("<I", content, 14)
    if length == _CORE:
        return struct.unpack_from("<HH", content, 18)
    if length not in _HEADERS:
        raise UnsupportedImage(
            f"The file is no bitmap, or one with a header of {length:,} bytes, which is not"
            " supported. Save it as PNG."
        )
    width, height = struct.unpack_from("<ii", content, 18)
    if height < 0:
        # Rows from top to bottom. Of a height below -2**24 decoders think otherwise.
        if content[25] != _TOP_DOWN:
            raise damaged()
        height = -height
    return width, height
