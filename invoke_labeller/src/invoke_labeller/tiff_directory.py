"""Reads the directory of a TIFF file, and gives it one that only says what decoding needs.

A directory may name millions of strips, or the same ten megabytes thousands of times, and a reader
that trusts it reads them all. Format: https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf
and, for BigTIFF, https://www.awaresystems.be/imaging/tiff/bigtiff.html
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from invoke_labeller.structure import StructureError

# Bytes of a value, by its type.
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
SIZES |= {16: 8, 17: 8, 18: 8}
_WHOLE_NUMBERS = {3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q"}
# What says where the pixels are: strips and tiles, with as many values as there are of them.
PLACES = frozenset({273, 279, 324, 325})
# What says how to read them: size, samples, compression, orientation, planes, prediction, colours
# (the palette, the JPEG tables and the profile among them), sample format and range.
MEANING = frozenset(
    {254, 256, 257, 258, 259, 262, 266, 274, 277, 278, 284, 292, 293, 317, 320, 322, 323}
    | {332, 334, 338, 339, 340, 341, 347, 512, 513, 514, 529, 530, 531, 532, 34675}
)
# Of a thousand rows each may be a strip, and tiles have at least 16 pixels a side.
FREE_PLACES, PLACE_PIXELS, MAX_PLACES = 1000, 256, 100_000
MAX_MEANING_BYTES = 1_100_000
# A tile reaches beyond the edge; it is decoded as a whole.
LARGE_TILE = 1024
# A larger profile is left out.
_PROFILE, MAX_PROFILE = 34675, 1_000_000
MAX_ENTRIES = 4096


@dataclass(frozen=True)
class _Layout:
    """How a file writes its numbers.

    Attributes:
        order: "<" or ">", as `struct` has them.
        big: Whether it is a BigTIFF.
    """

    order: str
    big: bool

    @property
    def count(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.big else "H"))

    @property
    def entry(self) -> struct.Struct:
        return struct.Struct(self.order + ("HHQ8s" if self.big else "HHI4s"))

    @property
    def offset(self) -> struct.Struct:
        return struct.Struct(self.order + ("Q" if self.big else "I"))


@dataclass(frozen=True)
class _Entry:
    tag: int
    kind: int
    count: int
    value: bytes

    @property
    def size(self) -> int:
        return SIZES.get(self.kind, 0) * self.count


def slim(data: bytes) -> bytes:
    """Give a TIFF a directory that names what decoding needs, at its end.

    Args:
        data: The file.

    Returns:
        The file with another directory.

    Raises:
        StructureError: There are implausibly many strips or tiles, or too much data.
    """
    layout, place = _header(data)
    kept: dict[int, _Entry] = {}
    for entry in _entries(data, layout, place):
        if entry.tag in PLACES | MEANING and not (
            entry.tag == _PROFILE and entry.size > MAX_PROFILE
        ):
            kept.setdefault(entry.tag, entry)
    width, height, across, down = (_number(kept.get(tag), layout) for tag in (256, 257, 322, 323))
    if across * down > (width + LARGE_TILE) * (height + LARGE_TILE):
        raise StructureError("its tiles are larger than itself")
    pixels = width * height
    most = min(MAX_PLACES, FREE_PLACES + pixels // PLACE_PIXELS)
    if any(entry.count > most for entry in kept.values() if entry.tag in PLACES):
        raise StructureError("its pixels lie in more pieces than any program makes")
    if sum(entry.size for entry in kept.values() if entry.tag in MEANING) > MAX_MEANING_BYTES:
        raise StructureError("its directory names too much data")
    start = len(data) + len(data) % 2
    table = b"".join(
        layout.entry.pack(entry.tag, entry.kind, entry.count, entry.value)
        for _, entry in sorted(kept.items())
    )
    header = data[: 8 if layout.big else 4] + layout.offset.pack(start)
    body = data[len(header) :] + bytes(start - len(data))
    return header + body + layout.count.pack(len(kept)) + table + layout.offset.pack(0)


def read_number(data: bytes, tag: int) -> int | None:
    """Read a whole number from a TIFF's directory, such as that of EXIF data, if it is there.

    Args:
        data: The file.
        tag: Which number.

    Returns:
        The number, the first of several; None where the directory does not have it.

    Raises:
        StructureError: There is no directory.
    """
    layout, place = _header(data)
    for entry in _entries_there(data, layout, place):
        # Readers pass over an entry whose value is not there.
        if entry.tag == tag and (value := _value(entry, layout, data)):
            return _first_number(entry.kind, value, layout)
    return None


def _number(entry: _Entry | None, layout: _Layout) -> int:
    """Return the whole number of an entry; 0 where it has none."""
    code = {3: "H", 4: "I", 16: "Q"}.get(entry.kind) if entry else None
    if entry is None or code is None or struct.calcsize(code) > len(entry.value):
        return 0
    return int(struct.unpack_from(layout.order + code, entry.value)[0])


def _value(entry: _Entry, layout: _Layout, data: bytes) -> bytes:
    """Return the bytes of a value; none where not all of them are there."""
    if entry.size <= len(entry.value):
        return entry.value[: entry.size]
    (place,) = layout.offset.unpack(entry.value)
    return data[place : place + entry.size] if place + entry.size <= len(data) else b""


def _first_number(kind: int, value: bytes, layout: _Layout) -> int | None:
    code = _WHOLE_NUMBERS.get(kind)
    return int(struct.unpack_from(layout.order + code, value)[0]) if code else None


def _header(data: bytes) -> tuple[_Layout, int]:
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:  # noqa: PLR2004 - the header's length
        raise StructureError("its header is damaged")
    (version,) = struct.unpack_from(order + "H", data, 2)
    layout = _Layout(order, big=version == 43)  # noqa: PLR2004 - BigTIFF
    try:
        (place,) = layout.offset.unpack_from(data, 8 if layout.big else 4)
    except struct.error:
        raise StructureError("its header is damaged") from None
    return layout, place


def _entries(data: bytes, layout: _Layout, place: int) -> Iterator[_Entry]:
    """Read the whole directory."""
    count = _count(data, layout, place)
    if count > MAX_ENTRIES:
        raise StructureError("its directory has too many entries")
    found = list(_entries_there(data, layout, place))
    if len(found) < count:
        raise StructureError("its directory is damaged")
    yield from found


def _entries_there(data: bytes, layout: _Layout, place: int) -> Iterator[_Entry]:
    """Read what is there of a directory, up to a plausible size."""
    start = place + layout.count.size
    there = (len(data) - start) // layout.entry.size
    for number in range(min(_count(data, layout, place), there, MAX_ENTRIES)):
        yield _Entry(*layout.entry.unpack_from(data, start + number * layout.entry.size))


def _count(data: bytes, layout: _Layout, place: int) -> int:
    try:
        (count,) = layout.count.unpack_from(data, place)
    except (struct.error, OverflowError):
        raise StructureError("its directory is damaged") from None
    return int(count)
