"""Holds what an AVIF or HEIC file codes against what it claims to be.

Decoders decode what is coded and then cut or scale it: a file of a kilobyte that claims 64 by 64
pixels may code fifty million. libheif refuses HEVC data that is larger than its item claims;
libavif decodes AV1 data of any size. Submitting and decoding use the same code.
"""

import struct

from .av1 import frames
from .isobmff import MAX_BOXES, MalformedError, Meta
from .tracks import shown, tracks

# Encoders write one frame, or one for each of four layers.
MAX_FRAMES = 8
# A grid's tiles reach beyond its edges by less than a tile. Those of phones have 512 pixels a side.
TILE = 1024
_DERIVED = (b"grid", b"iovl", b"iden")
_MAX_DEPTH = 3
_TRANSPARENCY = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1")
_LARGER = "more pixels in its data than it claims"

type Size = tuple[int, int]


def pixels(content: bytes) -> int:
    """Return how many pixels are decoded for a picture: all of its tiles, and its transparency.

    Args:
        content: The file.

    Raises:
        MalformedError: They are more than the file claims, or it is damaged.
    """
    try:
        found = tracks(content)
        track = shown(content, found)
        if track:
            ours = [other for other in found if other is track or other.auxiliary]
            return sum(_checked(other.data, other.size) for other in ours)
        return _Items(content).pixels()
    except (struct.error, IndexError, ValueError, OverflowError):
        raise MalformedError from None


class _Items:
    """The items of a file that are decoded for its picture."""

    def __init__(self, content: bytes) -> None:
        self._meta = Meta(content)
        self._parts = dict(self._meta.references(b"dimg"))
        self._found: dict[int, int] = {}

    def pixels(self) -> int:
        primary = self._meta.primary
        auxiliary = [item for item, of in self._meta.references(b"auxl") if primary in of]
        counts = [self._pixels(item, 0) for item in auxiliary if self._is_transparency(item)]
        if any(count > _most(self._claimed(primary)) for count in counts):
            raise MalformedError(_LARGER)
        return self._pixels(primary, 0) + sum(counts)

    def _pixels(self, item: int, depth: int) -> int:
        if item not in self._found:
            self._found[item] = self._counted(item, depth)
        return self._found[item]

    def _counted(self, item: int, depth: int) -> int:
        claimed = self._claimed(item)
        kind = self._meta.kinds.get(item)
        if kind == b"av01":
            return _checked(self._meta.data(item), claimed)
        if kind not in _DERIVED:
            return claimed[0] * claimed[1]
        parts = self._parts.get(item, [])
        if depth == _MAX_DEPTH or len(parts) > MAX_BOXES:
            raise MalformedError(f"more than {MAX_BOXES:,} tiles")
        count = sum(self._pixels(part, depth + 1) for part in parts)
        if count > _most(claimed):
            raise MalformedError(_LARGER)
        return count

    def _is_transparency(self, item: int) -> bool:
        # Depth and the like, of which phones write much, are not decoded.
        return any(
            kind == b"auxC" and value[4:].startswith(_TRANSPARENCY)
            for kind, value in self._meta.of_item(item)
        )

    def _claimed(self, item: int) -> Size:
        sizes = [
            struct.unpack_from(">4xII", value)
            for kind, value in self._meta.of_item(item)
            if kind == b"ispe"
        ]
        # Without a size, or with two, it is not for decoders to choose.
        if len(set(sizes)) != 1:
            raise MalformedError
        return sizes[0][0], sizes[0][1]


def _checked(data: memoryview, claimed: Size) -> int:
    """Return how many pixels AV1 data codes; all of them are claimed."""
    count = 0
    for number, (width, height) in enumerate(frames(data), 1):
        if number > MAX_FRAMES:
            raise MalformedError(f"more than {MAX_FRAMES} frames for one picture")
        if width > claimed[0] or height > claimed[1]:
            raise MalformedError(_LARGER)
        count += width * height
    return max(count, claimed[0] * claimed[1])


def _most(claimed: Size) -> int:
    return (claimed[0] + TILE) * (claimed[1] + TILE)
