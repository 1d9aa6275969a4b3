"""The tracks of an AVIF sequence (ISO/IEC 14496-12): how large their pictures are, and the first.

Submitting and decoding use the same code.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .isobmff import Box, body, boxes

# The header and the fields before the boxes of a visual sample entry (12.1.3).
_TABLE, _ENTRY = 8, 78


@dataclass(frozen=True, eq=False)
class Track:
    """A track of AV1 data.

    Attributes:
        size: Its width and height in pixels, as its header claims.
        auxiliary: Whether it belongs to another one, as transparency does.
        properties: Kinds and bodies of what describes its pictures.
        data: Its first picture.
    """

    size: tuple[int, int]
    auxiliary: bool
    properties: tuple[Box, ...]
    data: memoryview


def shown(content: bytes, found: tuple[Track, ...]) -> Track | None:
    """Return the track whose first picture decoders show instead of the primary item.

    They go by the file's first brand, and where it is neither of AVIF's, take a track if there is
    one.

    Args:
        content: The file.
        found: Its tracks.
    """
    if content[8:12] == b"avif":
        return None
    return next((track for track in found if not track.auxiliary), None)


def tracks(content: bytes) -> tuple[Track, ...]:
    """Return the tracks of AV1 data in a file.

    Args:
        content: The file.

    Raises:
        struct.error: A table of one is cut short.
    """
    return tuple(_tracks(content))


def _tracks(content: bytes) -> Iterator[Track]:
    for kind, trak in boxes(body(content, b"moov")):
        samples = body(trak, b"mdia", b"minf", b"stbl") if kind == b"trak" else b""
        entry = body(body(samples, b"stsd")[_TABLE:], b"av01")
        place = _place(samples)
        if not entry or place is None:
            continue
        header = body(trak, b"tkhd")
        width, height = struct.unpack_from(">II", header, 88 if header[0] else 76)
        (length,) = struct.unpack_from(">I", sizes := body(samples, b"stsz"), 4)
        if not length:
            (length,) = struct.unpack_from(">I", sizes, 12)
        yield Track(
            (width >> 16, height >> 16),
            b"auxl" in dict(boxes(body(trak, b"tref"))),
            tuple(boxes(entry[_ENTRY:])),
            memoryview(content)[place : place + length],
        )


def _place(samples: bytes) -> int | None:
    """Return where the first chunk of a track begins."""
    for kind, form in ((b"stco", ">I"), (b"co64", ">Q")):
        table = body(samples, kind)
        if table[4:8] > bytes(4):
            (place,) = struct.unpack_from(form, table, 8)
            return int(place)
    return None
