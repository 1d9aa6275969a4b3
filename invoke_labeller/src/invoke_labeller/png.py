"""Takes the picture out of a PNG file: its pixels, colours and profile, as far as they are there.

Format: https://www.w3.org/TR/png-3/. Checksums of what browsers need are heeded where they heed
them: in the header and the palette. Pixels have a checksum of their own, and texts nobody reads.
"""

import contextlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from invoke_labeller import orientation
from invoke_labeller.structure import StructureError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Programs cut the pixels into pieces of 8 KB or more.
MAX_CHUNKS = 20_000
MAX_PROFILE = 1_000_000
_CHUNK = struct.Struct(">I4s")
_SUMMED = (b"IHDR", b"PLTE")
# In the order that the format asks for.
_KEPT = (b"IHDR", b"iCCP", b"sBIT", b"PLTE", b"tRNS")
_HEADER_SIZE, _LARGEST, _PALETTE, _SIXTEEN_BITS = 13, 2**31, 3, 16
# Of a frame: its number, width, height, and place from the left and the top; more follows.
_FRAME = struct.Struct(">IIIII")
_NUMBER = 4


@dataclass(frozen=True)
class Frame:
    """A frame of an animation.

    Attributes:
        content: A PNG of the frame alone.
        place: Where its left upper corner is in the picture.
        pixels: How many it has.
    """

    content: bytes
    place: tuple[int, int]
    pixels: int


def parse(data: bytes) -> tuple[bytes, int]:
    """Take the picture out of a file.

    Args:
        data: The file.

    Returns:
        A PNG without metadata, and how it is to be turned, as EXIF has it.

    Raises:
        StructureError: It is no PNG, its header or palette is damaged, or it has too many parts.
    """
    turn = 1
    kept: dict[bytes, memoryview] = {}
    pixels: list[memoryview] = []
    for place, kind, body in _chunks(data):
        if kind == b"IDAT":
            pixels.append(body)
        elif kind == b"eXIf":
            turn = orientation.of_exif(bytes(body))
        elif kind in _KEPT and kind not in kept and not _is_long_profile(kind, body):
            _check(data, kind, body, place + len(body))
            kept[kind] = body
    if len(kept.get(b"IHDR", b"")) != _HEADER_SIZE or not pixels:
        raise StructureError("it has no picture")
    if not _is_sound(kept):
        kept.pop(b"tRNS", None)
    if b"tRNS" in kept and kept[b"IHDR"][9] != _PALETTE:
        kept[b"tRNS"] = memoryview(_as_decoded(kept[b"IHDR"], kept[b"tRNS"]))
    if _is_too_large(bytes(kept.get(b"iCCP", b""))):
        del kept[b"iCCP"]
    return _file(kept, pixels), turn


def is_animated(data: bytes) -> bool:
    """Tell whether a file that `parse` takes is an animation."""
    return any(kind == b"acTL" for _, kind, _ in _chunks(data))


def frames(data: bytes) -> Iterator[Frame]:
    """Take the frames after the first picture out of an animation, as far as they are plausible.

    Args:
        data: A file that `parse` takes.

    Yields:
        Each frame that lies within the picture and has pixels.
    """
    content, _ = parse(data)
    kept = {kind: body for _, kind, body in _chunks(content) if kind in _KEPT}
    control: memoryview | None = None
    pixels: list[memoryview] = []
    for _, kind, body in _chunks(data):
        if kind == b"fcTL":
            if frame := _frame(kept, control, pixels):
                yield frame
            control, pixels = body, []
        elif kind == b"fdAT":
            pixels.append(body[_NUMBER:])
    if frame := _frame(kept, control, pixels):
        yield frame


def _frame(
    kept: dict[bytes, memoryview], control: memoryview | None, pixels: list[memoryview]
) -> Frame | None:
    if control is None or len(control) < _FRAME.size or not pixels:
        return None
    _, width, height, left, top = _FRAME.unpack_from(control)
    of_width, of_height = struct.unpack_from(">II", kept[b"IHDR"])
    if left + width > of_width or top + height > of_height:
        return None
    header = struct.pack(">II", width, height) + kept[b"IHDR"][8:]
    return Frame(_file({**kept, b"IHDR": memoryview(header)}, pixels), (left, top), width * height)


def _chunks(data: bytes) -> Iterator[tuple[int, bytes, memoryview]]:
    """Go through a file: where each part's data begins, its kind, and the data that is there."""
    place, view = len(SIGNATURE), memoryview(data)
    for _ in range(MAX_CHUNKS):
        if place + _CHUNK.size > len(data):
            return
        length, kind = _CHUNK.unpack_from(data, place)
        place += _CHUNK.size
        if kind == b"IEND" or length >= _LARGEST:
            return
        yield place, kind, view[place : place + length]
        place += length + 4
    raise StructureError("it has more parts than any program writes")


def _file(kept: dict[bytes, memoryview], pixels: list[memoryview]) -> bytes:
    parts = [_chunk(kind, kept[kind]) for kind in sorted(kept, key=_KEPT.index)]
    end = [_chunk(b"IDAT", b"".join(pixels)), _chunk(b"IEND", b"")]
    return b"".join([SIGNATURE, *parts, *end])


def is_interlaced(content: bytes) -> bool:
    """Tell whether a picture that `parse` gave comes in ever finer grids."""
    return content[len(SIGNATURE) + _CHUNK.size + _HEADER_SIZE - 1] != 0


def _is_sound(kept: dict[bytes, memoryview]) -> bool:
    """Tell whether the transparency has the length that the colours ask for; libpng ignores others.

    See png_handle_tRNS in https://github.com/pnggroup/libpng/blob/libpng16/pngrutil.c
    """
    length, colours = len(kept.get(b"tRNS", b"")), kept[b"IHDR"][9]
    if colours == _PALETTE:
        return 0 < length <= len(kept.get(b"PLTE", b"")) // 3
    return length == {0: 2, 2: 6}.get(colours)


def _as_decoded(header: memoryview, transparent: memoryview) -> bytes:
    """Write the transparent colour as Pillow's samples are, which it compares with it.

    Samples of less than eight bits are scaled to eight, and colours of sixteen bits are cut to
    their upper eight. Browsers ignore the bits that samples have not, as libpng's png_do_expand.
    """
    depth, is_grey = header[8], header[9] == 0
    values = struct.unpack(f">{len(transparent) // 2}H", transparent)
    if depth == _SIXTEEN_BITS:
        values = values if is_grey else tuple(value >> 8 for value in values)
    else:
        most = (1 << depth) - 1
        values = tuple((value & most) * 255 // most for value in values)
    return struct.pack(f">{len(values)}H", *values)


def _is_long_profile(kind: bytes, body: memoryview) -> bool:
    return kind == b"iCCP" and len(body) > MAX_PROFILE


def _is_too_large(profile: bytes) -> bool:
    """Tell whether a packed profile is more than any picture needs, and more than Pillow takes."""
    _, _, packed = profile.partition(b"\0")
    with contextlib.suppress(zlib.error):
        return len(zlib.decompressobj().decompress(packed[1:], MAX_PROFILE + 1)) > MAX_PROFILE
    return False


def _check(data: bytes, kind: bytes, body: memoryview, place: int) -> None:
    found = data[place : place + 4]
    if kind in _SUMMED and found != zlib.crc32(body, zlib.crc32(kind)).to_bytes(4):
        raise StructureError("its header or its palette is damaged")


def _chunk(kind: bytes, body: bytes | memoryview) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return _CHUNK.pack(len(body), kind) + body + checksum.to_bytes(4)
