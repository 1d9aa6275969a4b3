"""The boxes of AVIF and HEIC files (ISO/IEC 14496-12 and 23008-12).

Submitting and decoding use the same code.
"""

import struct
from collections.abc import Iterator
from functools import cached_property

# Phones write a picture of 48 megapixels as some 200 tiles, each with boxes of its own.
MAX_BOXES = 5000
_IN_FILE, _IN_META = 0, 1
_WIDE_COUNT = 2

type Box = tuple[bytes, bytes]


class MalformedError(Exception):
    """A file's boxes are damaged, or made to keep decoders busy.

    Attributes:
        many: What it has too many of; None where it is damaged.
    """

    def __init__(self, many: str | None = None) -> None:
        """Say what the file has too many of, if it is that."""
        super().__init__(many or "damaged")
        self.many = many


def boxes(content: bytes) -> Iterator[Box]:
    """Give kind and body of each box.

    Args:
        content: A file, or the body of a box that consists of boxes.

    Raises:
        MalformedError: There are too many, or one ends before it begins.
    """
    place = count = 0
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        start = place + 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", content, start)
            start += 8
        end = place + length if length else len(content)
        count += 1
        if count > MAX_BOXES:
            raise MalformedError(f"more than {MAX_BOXES:,} boxes")
        if end < start:
            raise MalformedError
        yield kind, content[start:end]
        place = end


def body(content: bytes, *path: bytes) -> bytes:
    """Return the body of the first box at a path of kinds; nothing where there is none."""
    for wanted in path:
        content = next((found for kind, found in boxes(content) if kind == wanted), b"")
        # What every "full" box has before its boxes.
        if wanted == b"meta":
            content = content[4:]
    return content


class Meta:
    """The items of a file: the picture, its tiles, its transparency.

    All numbers are the file's; reading one that is cut short raises struct.error or IndexError.

    Attributes:
        primary: The item that is the picture.
        properties: The kinds and bodies of all properties, to which items refer.
    """

    def __init__(self, content: bytes) -> None:
        """Read what says which items there are.

        Args:
            content: The file.

        Raises:
            MalformedError: There is no item.
        """
        self._content = content
        meta: dict[bytes, bytes] = {}
        for kind, found in boxes(body(content, b"meta")):
            meta.setdefault(kind, found)
        self._boxes = meta
        pitm = meta.get(b"pitm", b"")
        if not pitm:
            raise MalformedError
        (self.primary,) = struct.unpack_from(">I" if pitm[0] else ">H", pitm, 4)
        self.properties = list(boxes(body(meta.get(b"iprp", b""), b"ipco")))

    def of_item(self, item: int) -> list[Box]:
        """Return an item's properties in their order."""
        places = self._associations.get(item, [])
        return [self.properties[at - 1] for at in places if 0 < at <= len(self.properties)]

    @cached_property
    def kinds(self) -> dict[int, bytes]:
        """The kind of each item."""
        iinf = self._boxes.get(b"iinf", bytes(4))
        found: dict[int, bytes] = {}
        for kind, entry in boxes(iinf[8 if iinf[0] else 6 :]):
            if kind == b"infe":
                form = ">I2x4s" if entry[0] > _WIDE_COUNT else ">H2x4s"
                item, what = struct.unpack_from(form, entry, 4)
                found[item] = what
        return found

    def references(self, kind: bytes) -> list[tuple[int, list[int]]]:
        """Return from which item references of a kind go to which."""
        iref = self._boxes.get(b"iref", bytes(4))
        letter = "I" if iref[0] else "H"
        found = []
        for what, entry in boxes(iref[4:]):
            if what == kind:
                item, count = struct.unpack_from(f">{letter}H", entry)
                start = struct.calcsize(f">{letter}H")
                found.append((item, [*struct.unpack_from(f">{count}{letter}", entry, start)]))
        return found

    def data(self, item: int) -> memoryview:
        """Return an item's data, as far as the file has it."""
        source, places = self._places.get(item, (_IN_FILE, []))
        whole = self._content if source == _IN_FILE else self._boxes.get(b"idat", b"")
        view = memoryview(whole)
        parts = [view[start : start + length if length else None] for start, length in places]
        if sum(map(len, parts)) > len(whole):
            raise MalformedError("more data than it is long")
        return parts[0] if len(parts) == 1 else memoryview(b"".join(parts))

    @cached_property
    def _associations(self) -> dict[int, list[int]]:
        """The places of each item's properties, from 1."""
        found: dict[int, list[int]] = {}
        for kind, table in boxes(self._boxes.get(b"iprp", b"")):
            if kind == b"ipma":
                self._associate(table, found)
        return found

    @staticmethod
    def _associate(table: bytes, found: dict[int, list[int]]) -> None:
        count = int.from_bytes(table[4:8])
        _check_items(count)
        item_length, index_length = (4 if table[0] else 2), (2 if table[3] & 1 else 1)
        # The highest bit says whether the property is essential.
        mask = 0x7FFF if table[3] & 1 else 0x7F
        place = 8
        for _ in range(count):
            item = int.from_bytes(table[place : place + item_length])
            place += item_length
            end = place + 1 + table[place] * index_length
            found.setdefault(item, []).extend(
                int.from_bytes(table[at : at + index_length]) & mask
                for at in range(place + 1, end, index_length)
            )
            place = end

    @cached_property
    def _places(self) -> dict[int, tuple[int, list[tuple[int, int]]]]:
        """Where the data of each item is: in the file or in a box, and its parts there."""
        numbers = _Numbers(self._boxes.get(b"iloc", b""))
        version = numbers.read(4) >> 24
        sizes = numbers.read(2)
        offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
        count = numbers.read(4 if version == _WIDE_COUNT else 2)
        _check_items(count)
        found, parts = {}, 0
        for _ in range(count):
            item = numbers.read(4 if version == _WIDE_COUNT else 2)
            source = numbers.read(2) & 15 if version else _IN_FILE
            numbers.read(2)
            start, extents = numbers.read(base), numbers.read(2)
            parts += extents
            _check_items(parts)
            places = []
            for _ in range(extents):
                numbers.read(index if version else 0)
                places.append((start + numbers.read(offset), numbers.read(length)))
            found[item] = source, places
        return found


def _check_items(count: int) -> None:
    if count > MAX_BOXES:
        raise MalformedError(f"more than {MAX_BOXES:,} items")


class _Numbers:
    """Reads numbers of so many bytes, one after another."""

    def __init__(self, content: bytes) -> None:
        self._content, self._place = content, 0

    def read(self, length: int) -> int:
        self._place += length
        if self._place > len(self._content):
            raise IndexError
        return int.from_bytes(self._content[self._place - length : self._place])
