"""Takes the picture out of a WebP file, and says how much of it is there.

Format: https://developers.google.com/speed/webp/docs/riff_container
"""

import struct
from dataclasses import dataclass

from invoke_labeller import orientation
from invoke_labeller.damage import LEAST, LessThanHalfError
from invoke_labeller.structure import StructureError

_CHUNK = struct.Struct("<4sI")
_START = 12
# A frame of an animation is a chunk, and so are its parts.
MAX_CHUNKS = 20_000
_HAS_EXIF = 0x08
_PICTURE = (b"VP8 ", b"VP8L", b"ALPH", b"ANMF")


def pixels(data: bytes) -> int:
    """Return how many pixels a file's first chunk claims, which tells the canvas or the picture.

    Decoders make the canvas when they open a file. 0 where it is none that can be opened.
    """
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
    elif kind == b"VP8 ":
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    elif kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        return 0
    return width * height


@dataclass(frozen=True)
class WebP:
    """The picture of a WebP file.

    Attributes:
        content: The file, without what follows it and without a last part that is cut off and that
            decoders can do without.
        missing: How many bytes its last part lacks; no more than it has.
        orientation: How it is to be turned, as EXIF has it.
        share: The share of its first picture's data that is there, from 0 to 1.
    """

    content: bytes
    missing: int
    orientation: int
    share: float


def parse(data: bytes) -> WebP:
    """Take the picture out of a file.

    Args:
        data: The file.

    Returns:
        The picture.

    Raises:
        StructureError: It has no picture, or too many parts.
        LessThanHalfError: Less than half of its data is there.
    """
    end = min(len(data), _CHUNK.size + int.from_bytes(data[4:8], "little"))
    place, turn, share = _START, None, None
    # Without the flag of the first chunk, decoders ignore EXIF data.
    turned = data[12:16] == b"VP8X" and bool(int.from_bytes(data[20:21]) & _HAS_EXIF)
    for _ in range(MAX_CHUNKS):
        if place + _CHUNK.size > end:
            break
        kind, length = _CHUNK.unpack_from(data, place)
        body = place + _CHUNK.size
        there = min(length, end - body)
        if kind in _PICTURE and (share is None or (share == 1 and kind.startswith(b"VP8"))):
            share = there / (length or 1)
        elif there < length:
            break
        if kind == b"EXIF" and turned and turn is None:
            turn = orientation.of_exif(data[body : body + length])
        place = body + length + length % 2
    else:
        raise StructureError("it has more parts than any program writes")
    if share is None:
        raise StructureError("it has no picture")
    if share < LEAST:
        raise LessThanHalfError
    header = b"RIFF" + (place - _CHUNK.size).to_bytes(4, "little")
    return WebP(header + data[8 : min(place, end)], max(0, place - end), turn or 1, share)
