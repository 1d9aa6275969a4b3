"""Builds AVIF and HEIC files box by box: what they claim need not be what they code."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

type Reference = tuple[bytes, int, list[int]]


@dataclass
class Item:
    """An item: its kind, its data and its properties (kind and body)."""

    kind: bytes
    data: bytes
    properties: list[bytes] = field(default_factory=list)


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def ispe(width: int, height: int) -> bytes:
    return box(b"ispe", bytes(4), struct.pack(">II", width, height))


def grid(rows: int, columns: int, width: int, height: int) -> bytes:
    return struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)


ALPHA = box(b"auxC", bytes(4), b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")


def heif(brand: bytes, items: Sequence[Item], references: Sequence[Reference] = ()) -> bytes:
    """A file whose first item is the picture."""
    ftyp = box(b"ftyp", brand, bytes(4), b"mif1", brand, b"miaf")
    meta = _meta(items, references, 0)
    return (
        ftyp
        + _meta(items, references, len(ftyp) + len(meta) + 8)
        + box(b"mdat", *(item.data for item in items))
    )


def _meta(items: Sequence[Item], references: Sequence[Reference], start: int) -> bytes:
    iloc, infe, ipco, ipma, index = b"", b"", b"", b"", 0
    for number, item in enumerate(items, 1):
        iloc += struct.pack(">HHHII", number, 0, 1, start, len(item.data))
        start += len(item.data)
        infe += box(b"infe", b"\2\0\0\0", struct.pack(">HH4s", number, 0, item.kind), b"\0")
        ipco += b"".join(item.properties)
        ipma += struct.pack(">HB", number, len(item.properties))
        for place, described in enumerate(item.properties, index + 1):
            # What changes the picture must be marked as essential.
            essential = 0x8000 if described[4:8] in (b"irot", b"clap") else 0
            ipma += struct.pack(">H", essential | place)
        index += len(item.properties)
    count = struct.pack(">H", len(items))
    iref = b"".join(
        box(kind, struct.pack(f">HH{len(to)}H", source, len(to), *to))
        for kind, source, to in references
    )
    return box(
        b"meta",
        bytes(4),
        box(b"hdlr", bytes(8), b"pict", bytes(13)),
        box(b"pitm", bytes(4), b"\0\1"),
        box(b"iloc", bytes(4), b"\x44\0", count, iloc),
        box(b"iinf", bytes(4), count, infe),
        box(b"iref", bytes(4), iref) if iref else b"",
        box(
            b"iprp",
            box(b"ipco", ipco),
            box(b"ipma", b"\0\0\0\1", struct.pack(">I", len(items)), ipma),
        ),
    )
