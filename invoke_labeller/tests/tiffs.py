"""Makes TIFF files of kinds that Pillow does not write."""

import struct
from collections.abc import Sequence

SHORT, LONG = 3, 4


def tiff_of_samples(  # noqa: PLR0913 - the fields of its directory
    size: tuple[int, int],
    bits: int,
    data: bytes,
    *,
    order: str = "<",
    photometric: int = 1,
    sample_format: int = 1,
    samples: int = 1,
    sample_range: tuple[int, int] | None = None,
    planes: int = 1,
) -> bytes:
    """An uncompressed TIFF in one strip.

    Args:
        size: Width and height.
        bits: Bits of each sample.
        data: The samples, in the file's byte order.
        order: "<" or ">", as `struct` has them.
        photometric: 0 (grey, and the lowest is white), 1 (grey) or 2 (RGB).
        sample_format: 1 (unsigned), 2 (signed) or 3 (floating point).
        samples: Samples of each pixel.
        sample_range: The lowest and the highest sample, where the file declares them.
        planes: 1 (the samples of a pixel together) or 2 (the planes apart).
    """
    words: dict[int, Sequence[int]] = {258: [bits] * samples, 339: [sample_format] * samples}
    words |= {259: [1], 262: [photometric], 277: [samples], 284: [planes]}
    if sample_range:
        words |= {340: [sample_range[0]] * samples, 341: [sample_range[1]] * samples}
    longs = {256: size[0], 257: size[1], 273: 0, 278: size[1], 279: len(data)}
    start = 8 + 2 + 12 * (len(words) + len(longs)) + 4
    behind = b""
    entries = {}
    for tag, values in words.items():
        packed = struct.pack(f"{order}{len(values)}H", *values)
        if len(packed) > 4:
            packed, behind = struct.pack(order + "I", start + len(behind)), behind + packed
        entries[tag] = (SHORT, len(values), packed.ljust(4, b"\0"))
    longs[273] = start + len(behind)
    entries |= {tag: (LONG, 1, struct.pack(order + "I", value)) for tag, value in longs.items()}
    header = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, len(entries))
    table = b"".join(struct.pack(order + "HHI4s", tag, *entries[tag]) for tag in sorted(entries))
    return header + table + bytes(4) + behind + data


def tiff_of_strips(height: int, rows: int, written: Sequence[bool]) -> bytes:
    """A grey TIFF 100 pixels wide, of which some strips are written."""
    longs: dict[int, tuple[int, ...]] = {
        256: (100,),
        257: (height,),
        259: (1,),
        262: (1,),
        258: (8,),
        277: (1,),
        278: (rows,),
    }
    start = 8 + 2 + 12 * 9 + 4
    pixels = start + 8 * len(written)
    sizes = [100 * rows if there else 0 for there in written]
    offsets = [pixels if there else 0 for there in written]
    longs |= {273: tuple(offsets), 279: tuple(sizes)}
    behind, table = b"", b""
    for tag, values in sorted(longs.items()):
        packed = struct.pack(f"<{len(values)}I", *values)
        if len(packed) > 4:
            packed, behind = struct.pack("<I", start + len(behind)), behind + packed
        table += struct.pack("<HHI4s", tag, LONG, len(values), packed)
    data = bytes(range(100, 200)) * rows
    return b"II*\0" + struct.pack("<IH", 8, len(longs)) + table + bytes(4) + behind + data


def tiff_of_places(count: int, *, tiles: bool = False) -> bytes:
    """A TIFF whose pixels lie in very many strips, or tiles, of which all are the same bytes."""
    start = 8 + 2 + 12 * 10 + 4
    entries = {256: (LONG, 1, 64), 258: (SHORT, 1, 8), 259: (SHORT, 1, 1), 262: (SHORT, 1, 1)}
    entries |= {277: (SHORT, 1, 1), 254: (LONG, 1, 0)}
    if tiles:
        entries |= {257: (LONG, 1, 700_000), 322: (LONG, 1, 16), 323: (LONG, 1, 16)}
        entries |= {324: (LONG, count, start), 325: (LONG, count, start)}
    else:
        entries |= {257: (LONG, 1, count), 278: (LONG, 1, 1)}
        entries |= {273: (LONG, count, start), 279: (LONG, count, start)}
    table = b"".join(struct.pack("<HHII", tag, *entries[tag]) for tag in sorted(entries))
    values = struct.pack("<I", 1) * count
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + table + bytes(4) + bytes(16) + values


def tiff_of_one_value_many_times(count: int, size: int) -> bytes:
    """A TIFF whose directory names the same bytes again and again."""
    entries = [(256, LONG, 1, 8), (257, LONG, 1, 8)]
    entries += [(1000 + number, 7, size, 65_536) for number in range(count)]
    table = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + table + bytes(4) + bytes(size + 65_536)
