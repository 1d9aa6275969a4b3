"""PNG (https://www.w3.org/TR/png-3/), animated or not."""

import struct

from submit_image.formats import tiff
from submit_image.formats.limits import check, damaged, upright

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Encoders write a chunk for each 8 kB and more, a few for each kilobyte.
MAX_CHUNKS = 20_000

_HEADER_LENGTH = 13
_MAX_NUMBER = 2**31 - 1


def size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels as the picture is displayed.

    Args:
        content: The file.

    Raises:
        InvalidImage: It does not begin with a header, or has too many chunks.
    """
    length, kind, width, height = struct.unpack_from(">I4sII", content, len(SIGNATURE))
    if kind != b"IHDR" or length != _HEADER_LENGTH or max(width, height) > _MAX_NUMBER:
        raise damaged()
    place, chunks, orientation = len(SIGNATURE), 0, 1
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        chunks += 1
        check(chunks, MAX_CHUNKS, "chunks")
        if kind == b"IEND" or length > _MAX_NUMBER:
            break
        if kind == b"eXIf":
            orientation = tiff.orientation(content[place + 8 : place + 8 + length])
        place += 12 + length
    return upright((width, height), orientation)
