"""WebP (RFC 9649)."""

import re
import struct

from submit_image.formats import tiff
from submit_image.formats.limits import check, damaged, upright

# An animation has a chunk for each frame.
MAX_CHUNKS = 20_000

SIGNATURE = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)

_START_CODE = b"\x9d\x01\x2a"
_LOSSLESS_SIGNATURE = 0x2F
_HAS_EXIF = 0x08


def size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels as the picture is displayed.

    Args:
        content: The file.

    Raises:
        InvalidImage: Its first chunk is no picture, or it has too many chunks.
    """
    size = _size(content)
    # What follows the file that its header announces is no part of it.
    end = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    place, chunks, orientation = 12, 0, None
    # Without the flag of the first chunk, decoders ignore Exif data.
    turned = content[12:16] == b"VP8X" and bool(content[20] & _HAS_EXIF)
    while place + 8 <= end:
        kind, length = struct.unpack_from("<4sI", content, place)
        chunks += 1
        check(chunks, MAX_CHUNKS, "chunks")
        if kind == b"EXIF" and turned and orientation is None:
            exif = content[place + 8 : place + 8 + length]
            orientation = tiff.orientation(exif.removeprefix(b"Exif\0\0"))
        place += 8 + length + length % 2
    return upright(size, orientation or 1)


def _size(content: bytes) -> tuple[int, int]:
    kind, start = content[12:16], 20
    if kind == b"VP8X":
        low_width, high_width, low_height, high_height = struct.unpack_from(
            "<HBHB", content, start + 4
        )
        return (high_width << 16 | low_width) + 1, (high_height << 16 | low_height) + 1
    if kind == b"VP8L":
        signature, bits = struct.unpack_from("<BI", content, start)
        if signature == _LOSSLESS_SIGNATURE:
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and content[start + 3 : start + 6] == _START_CODE:
        width, height = struct.unpack_from("<HH", content, start + 6)
        return width & 0x3FFF, height & 0x3FFF
    raise damaged()
