"""Says which rows of a TIFF its directory gives a place in the file.

A strip or tile that is not written has the offset 0 (GDAL calls such a file sparse) or is not named
at all. Decoders give black there, or other bytes of the file.
"""

from collections.abc import Mapping

_HEIGHT, _WIDTH, _ROWS, _PLANES, _SAMPLES = 257, 256, 278, 284, 277
_TILE_WIDTH, _TILE_HEIGHT = 322, 323
_STRIP_OFFSETS, _STRIP_SIZES, _TILE_OFFSETS, _TILE_SIZES = 273, 279, 324, 325
_SEPARATE = 2


def rows_there(tags: Mapping[int, object]) -> list[bool]:
    """Tell which rows have a place.

    Args:
        tags: The directory, as Pillow gives it.

    Returns:
        Whether the rows have one, from top to bottom.
    """
    height, width = _number(tags, _HEIGHT, 1), _number(tags, _WIDTH, 1)
    if _STRIP_OFFSETS in tags:
        offsets, sizes = _numbers(tags, _STRIP_OFFSETS), _numbers(tags, _STRIP_SIZES)
        across, down = 1, min(height, _number(tags, _ROWS, height))
    else:
        offsets, sizes = _numbers(tags, _TILE_OFFSETS), _numbers(tags, _TILE_SIZES)
        across = -(-width // _number(tags, _TILE_WIDTH, width))
        down = _number(tags, _TILE_HEIGHT, height)
    layers = _number(tags, _SAMPLES, 1) if tags.get(_PLANES) == _SEPARATE else 1
    # A file that gives no sizes at all has its pixels in one piece.
    sizes = sizes if any(sizes) else offsets
    written = [bool(offset and size) for offset, size in zip(offsets, sizes, strict=False)]
    bands = -(-height // down)
    each = bands * across
    written += [False] * (each * layers - len(written))
    there = [
        all(
            all(written[start : start + across])
            for start in range(band * across, each * layers, each)
        )
        for band in range(bands)
    ]
    return [there[row // down] for row in range(height)]


def _numbers(tags: Mapping[int, object], tag: int) -> list[int]:
    value = tags.get(tag, ())
    values = value if isinstance(value, tuple) else (value,)
    return [number for number in values if isinstance(number, int)]


def _number(tags: Mapping[int, object], tag: int, default: int) -> int:
    return max(1, next(iter(_numbers(tags, tag)), 0) or default)
