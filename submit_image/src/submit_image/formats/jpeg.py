"""JPEG (https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B) up to its first scan."""

import re
import struct

from submit_image.formats import tiff
from submit_image.formats.limits import check, damaged, upright

SIGNATURE = b"\xff\xd8\xff"
# Colour profiles and extended metadata take a segment for each 64 kB.
MAX_SEGMENTS = 2000
# Decoders skip what lies between segments byte by byte.
MAX_JUNK_BYTES = 100_000
# A scan of a progressive picture takes 100 bytes and goes over all pixels; encoders write ten.
MAX_SCANS = 100

# Neither an escaped 0xFF nor one that fills up.
_MARKER = re.compile(rb"\xff([^\x00\xff])")
_SCAN_OR_END = re.compile(rb"\xff[\xd9\xda]")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APP1 = 0xE1
_EXIF = b"Exif\0\0"


def size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels as the picture is displayed.

    Args:
        content: The file.

    Raises:
        InvalidImage: It has no frame before its first scan, or too many parts.
    """
    place, segments, junk = 2, 0, 0
    frame: tuple[int, int] | None = None
    exif: list[bytes] = []
    while marker := _MARKER.search(content, place):
        segments, junk = segments + 1, junk + marker.start() - place
        check(segments, MAX_SEGMENTS, "segments before its first scan")
        check(junk, MAX_JUNK_BYTES, "bytes between its segments")
        code, place = marker[1][0], marker.end()
        if code == _END_OF_IMAGE:
            raise damaged()
        if code == _START_OF_SCAN:
            break
        if code in _STANDALONE:
            continue
        (length,) = struct.unpack_from(">H", content, place)
        if code in _FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 3)
            frame = width, height
        elif code == _APP1 and content.startswith(_EXIF, place + 2):
            exif.append(content[place + 2 + len(_EXIF) : place + length])
        place += max(length, 2)
    if frame is None:
        raise damaged()
    for scans, marker in enumerate(_SCAN_OR_END.finditer(content, place), 2):
        # What follows the picture, such as the video of a motion photo, is not part of it.
        if marker[0][1] == _END_OF_IMAGE:
            break
        check(scans, MAX_SCANS, "scans")
    return upright(frame, tiff.orientation(b"".join(exif)))
