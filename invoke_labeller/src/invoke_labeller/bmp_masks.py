"""Rewrites bitmaps whose colours lie at places that Pillow does not know, as browsers read them.

Format: https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-bitmapv5header
"""

import struct
from collections.abc import Sequence

from PIL import Image, ImageChops

_HEADER = struct.Struct("<IiiHHI")
_HEADER_AT, _MASKS_AT = 14, 54
_MASKED, _MASKED_WITH_ALPHA = 3, 6
# Headers of at least so many bytes have a mask of the transparency after those of the colours.
_WITH_ALPHA = 56
_MODES = {16: "LA", 32: "RGBA"}
_BYTE = 8
_ARGB = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)


def size(data: bytes) -> tuple[int, int]:
    """Return the width and height in pixels that a file's header claims."""
    _, width, height, *_ = _HEADER.unpack_from(data, _HEADER_AT)
    return max(0, width), abs(height)


def rewritten(data: bytes) -> bytes | None:
    """Give a bitmap of 16 or 32 bits a byte for each colour, in the order that Pillow knows.

    Args:
        data: The file.

    Returns:
        The same picture, as far as whole rows of it are there; None where it is another kind of
        bitmap, or its masks make no sense.
    """
    if len(data) < _MASKS_AT + 4 * len(_ARGB):
        return None
    length, width, height, _, bits, compression = _HEADER.unpack_from(data, _HEADER_AT)
    if bits not in _MODES or compression not in (_MASKED, _MASKED_WITH_ALPHA) or width < 1:
        return None
    masks = list(struct.unpack_from("<IIII", data, _MASKS_AT))
    if length < _WITH_ALPHA and compression == _MASKED:
        masks[3] = 0
    if not any(masks[:3]) or not all(_is_plausible(mask, bits) for mask in masks):
        return None
    (start,) = struct.unpack_from("<I", data, 10)
    stride = -(-width * bits // 32) * 4
    rows = min(abs(height), max(0, len(data) - start) // stride)
    header = _HEADER.pack(_WITH_ALPHA, width, height, 1, 32, _MASKED) + bytes(20)
    header += struct.pack("<IIII", *_ARGB[:3], _ARGB[3] if masks[3] else 0)
    beginning = b"BM" + struct.pack("<IHHI", 0, 0, 0, _HEADER_AT + len(header)) + header
    if not rows:
        return beginning
    pixels = data[start : start + stride * rows]
    mode = _MODES[bits]
    parts = Image.frombytes(mode, (width, rows), pixels, "raw", mode, stride, 1).split()
    colours = Image.merge("RGBA", [_values(parts, mask) for mask in masks])
    return beginning + colours.tobytes("raw", "BGRA")


def _is_plausible(mask: int, bits: int) -> bool:
    """Tell whether a mask is of adjacent bits, and within a pixel."""
    return mask < 1 << bits and not (mask + (mask & -mask)) & mask


def _values(parts: Sequence[Image.Image], mask: int) -> Image.Image:
    """Take the upper eight bits under a mask out of pixels that were split into bytes."""
    if not mask:
        return Image.new("L", parts[0].size)
    count = min(_BYTE, mask.bit_count())
    number, shift = divmod(mask.bit_length() - count, _BYTE)
    most = (1 << count) - 1
    lower = parts[number].point([(value >> shift) & most for value in range(256)])
    if shift + count > _BYTE:
        upper = parts[number + 1].point([(value << _BYTE - shift) & most for value in range(256)])
        lower = ImageChops.add(lower, upper)
    return lower.point([min(value, most) * 255 // most for value in range(256)])
