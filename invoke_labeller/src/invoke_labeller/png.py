"""Takes the picture out of a PNG file: its pixels, colours and profile, as far as they are there.

Format: https://www.w3.org/TR/png-3/. Checksums of what browsers need are heeded where they heed
them: in the header and the palette. Pixels have a checksum of their own, and texts nobody reads.
"""

import contextlib
import struct
import zlib

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
_HEADER_SIZE, _LARGEST, _PALETTE = 13, 2**31, 3


def parse(data: bytes) -> tuple[bytes, int]:
    """Take the picture out of a file.

    Args:
        data: The file.

    Returns:
        A PNG without metadata, and how it is to be turned, as EXIF has it.

    Raises:
        StructureError: It is no PNG, its header or palette is damaged, or it has too many parts.
    """
    place, view, turn = len(SIGNATURE), memoryview(data), 1
    kept: dict[bytes, memoryview] = {}
    pixels: list[memoryview] = []
    for _ in range(MAX_CHUNKS):
        if place + _CHUNK.size > len(data):
            break
        length, kind = _CHUNK.unpack_from(data, place)
        place += _CHUNK.size
        body = view[place : place + length]
        if kind == b"IEND" or length >= _LARGEST:
            break
        if kind == b"IDAT":
            pixels.append(body)
        elif kind == b"eXIf":
            turn = orientation.of_exif(bytes(body))
        elif kind in _KEPT and kind not in kept and not (kind == b"iCCP" and length > MAX_PROFILE):
            _check(data, kind, body, place + length)
            kept[kind] = body
        place += length + 4
    else:
        raise StructureError("it has more parts than any program writes")
    if len(kept.get(b"IHDR", b"")) != _HEADER_SIZE or not pixels:
        raise StructureError("it has no picture")
    if not _is_sound(kept):
        kept.pop(b"tRNS", None)
    if _is_too_large(bytes(kept.get(b"iCCP", b""))):
        del kept[b"iCCP"]
    parts = [_chunk(kind, kept[kind]) for kind in sorted(kept, key=_KEPT.index)]
    end = [_chunk(b"IDAT", b"".join(pixels)), _chunk(b"IEND", b"")]
    return b"".join([SIGNATURE, *parts, *end]), turn


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
