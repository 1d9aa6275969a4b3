"""TIFF and BigTIFF (https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf), and Exif.

BigTIFF: http://bigtiff.org. Exif data is a TIFF of its own.
"""

import struct
from collections.abc import Iterator

from submit_image.formats.limits import check, damaged, upright
from submit_image.problems import InvalidImage, UnsupportedImage

# Each byte order once right and once wrong, as decoders also read it; and that of BigTIFF.
SIGNATURES = (b"II*\0", b"MM\0*", b"II\0*", b"MM*\0", b"II+\0", b"MM\0+")
MAX_ENTRIES = 4096
# Strips of a row each, or tiles of 22 by 22 pixels, of the largest pictures.
MAX_PARTS = 100_000
# A tile reaches beyond the edge; it is decoded as a whole.
LARGE_TILE = 1024

_BIG, _BIG_ENDIAN_BIG = 43, b"MM\0+"
_WIDTH, _HEIGHT, _ORIENTATION = 256, 257, 274
_STRIPS, _TILES = 273, 324
_TILE_WIDTH, _TILE_HEIGHT = 322, 323
_LENGTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_LENGTHS |= {16: 8, 17: 8, 18: 8}
_LONGEST = max(_LENGTHS.values())
_WHOLE_NUMBERS = {3: "H", 4: "L", 6: "b", 8: "h", 9: "l", 13: "L", 16: "Q"}

type Entry = tuple[int, int, bytes]


def size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels as the first picture is displayed.

    Args:
        content: The file.

    Raises:
        InvalidImage: Its first directory makes no sense, or describes too many parts.
        UnsupportedImage: It is a BigTIFF that the decoder does not know.
    """
    if content.startswith(_BIG_ENDIAN_BIG):
        raise UnsupportedImage(
            "This is a BigTIFF in big-endian order, which is not supported. Save it as PNG."
        )
    order, entries = _directory(content, refuse=True)
    big = content[2] == _BIG
    # Entries that share their bytes would make a reader copy the file for each of them.
    if sum(_bytes_in_file(entry, big=big) for entry in entries.values()) > 2 * len(content):
        raise InvalidImage("The image's directory describes more bytes than the file has.")
    for tag in (_STRIPS, _TILES):
        check(entries[tag][1] if tag in entries else 0, MAX_PARTS, "strips or tiles")
    width, height = (_number(order, entries.get(tag)) for tag in (_WIDTH, _HEIGHT))
    if width is None or height is None:
        raise damaged()
    across, down = (_number(order, entries.get(tag)) or 0 for tag in (_TILE_WIDTH, _TILE_HEIGHT))
    if across * down > (width + LARGE_TILE) * (height + LARGE_TILE):
        raise InvalidImage("The image's tiles are larger than the image itself.")
    return upright((width, height), _number(order, entries.get(_ORIENTATION)) or 1)


def orientation(exif: bytes) -> int:
    """Return the orientation that Exif data gives to a picture.

    Args:
        exif: The data, beginning with its byte order; none if empty.

    Returns:
        1 to 8; 1, which is upright, if it says nothing or nothing sensible, as browsers take it.
    """
    if not exif.startswith(SIGNATURES):
        return 1
    try:
        order, entries = _directory(exif, refuse=False)
    except struct.error:
        return 1
    return _number(order, entries.get(_ORIENTATION)) or 1


def _directory(content: bytes, *, refuse: bool) -> tuple[str, dict[int, Entry]]:
    """Return the byte order and the first directory: tag to type, count and value.

    Args:
        content: The file.
        refuse: Whether too many entries are an error, and not just left unread.
    """
    order = "<" if content.startswith(b"II") else ">"
    big = content[2] == _BIG
    if big:
        (place,) = struct.unpack_from(f"{order}Q", content, 8)
        # struct takes no place beyond a machine's word, and none beyond the content is sensible.
        (count,) = struct.unpack_from(f"{order}Q", content, min(place, len(content)))
    else:
        (place,) = struct.unpack_from(f"{order}L", content, 4)
        (count,) = struct.unpack_from(f"{order}H", content, place)
    if refuse:
        check(count, MAX_ENTRIES, "entries in its directory")
    entries: dict[int, Entry] = {}
    start = place + (8 if big else 2)
    most = min(count, MAX_ENTRIES)
    for tag, kind, number, value in _entries(content, order, start, most, big=big):
        # Readers pass over an entry of an unknown kind, or one whose value is not there.
        if kind in _LENGTHS and not entries.get(tag, (0, 0, b""))[2]:
            entries[tag] = kind, number, value
    return order, entries


def _entries(
    content: bytes, order: str, start: int, count: int, *, big: bool
) -> Iterator[tuple[int, int, int, bytes]]:
    form = struct.Struct(f"{order}HHQ8s" if big else f"{order}HHL4s")
    for index in range(count):
        if start + (index + 1) * form.size > len(content):
            return
        tag, kind, number, value = form.unpack_from(content, start + index * form.size)
        length = number * _LENGTHS.get(kind, 0)
        if length > len(value):
            place = int.from_bytes(value, "little" if order == "<" else "big")
            there = place + length <= len(content)
            value = content[place : place + _LONGEST] if there else b""
        yield tag, kind, number, value[:length]


def _bytes_in_file(entry: Entry, *, big: bool) -> int:
    """Return how long an entry's value is that lies elsewhere in the file."""
    kind, number, value = entry
    length = number * _LENGTHS[kind]
    return length if value and length > (8 if big else 4) else 0


def _number(order: str, entry: Entry | None) -> int | None:
    """Return an entry's whole number, the first of several, None if it has none."""
    form = order + _WHOLE_NUMBERS.get(entry[0], "") if entry else ""
    if entry is None or form == order or len(entry[2]) < struct.calcsize(form):
        return None
    (number,) = struct.unpack_from(form, entry[2])
    return int(number)
