"""Maps samples of more than eight bits onto eight, so that what the picture shows is seen.

Their range is the one that the file declares. Where it declares none, or the samples fill a small
part of it (a camera's 12 bits in a file of 16), they are stretched over what most of them fill.
"""

import math
from collections.abc import Mapping
from itertools import pairwise

from PIL import Image, ImageChops, ImageOps, TiffImagePlugin

from invoke_labeller.errors import PermanentError

_BITS, _FORMAT, _PHOTOMETRIC, _LOWEST, _HIGHEST = 258, 339, 262, 340, 341
_TAGS = (_BITS, _FORMAT, _PHOTOMETRIC, _LOWEST, _HIGHEST)
_SIGNED, _MIN_IS_WHITE = 2, 0
_PLANES, _SEPARATE = 284, 2
# What Pillow has decoders for, and its table of TIFFs lacks.
_II, _MM = b"II", b"MM"
TiffImagePlugin.OPEN_INFO.update(
    {
        (_II, 0, (1,), 1, (12,), ()): ("I;16", "I;12"),
        (_MM, 0, (1,), 1, (12,), ()): ("I;16", "I;12"),
        (_MM, 1, (1,), 1, (12,), ()): ("I;16", "I;12"),
        (_MM, 0, (1,), 1, (16,), ()): ("I;16B", "I;16B"),
        (_II, 0, (2,), 1, (16,), ()): ("I", "I;16S"),
        (_MM, 0, (2,), 1, (16,), ()): ("I", "I;16BS"),
        (_II, 1, (1,), 1, (32,), ()): ("F", "F;32"),
        (_MM, 1, (1,), 1, (32,), ()): ("F", "F;32B"),
        (_II, 1, (3,), 1, (64,), ()): ("F", "F;64F"),
        (_MM, 1, (3,), 1, (64,), ()): ("F", "F;64BF"),
    }
)
# Of so many samples a side the range is taken; so many of a thousand at each end do not count.
_SIDE, _OUTLIERS = 256, 20
# A group of samples at an end does not count either where what lies between it and the others is so
# many times as wide as they are: instruments write -9999 and the like where they measured nothing.
# The others must be of so many values, or they would be no picture.
_GAP, _VALUES, _GROUPS = 3, 16, 8
# Samples that fill less of the declared range than this are stretched.
_LEAST = 1 / 16
_GREY = 128


def check(tags: Mapping[int, object]) -> None:
    """Refuse samples that are decoded wrongly.

    Args:
        tags: A TIFF's directory, as Pillow gives it.

    Raises:
        PermanentError: They are of more than eight bits, and in separate planes.
    """
    bits = tags.get(_BITS, 8)
    if tags.get(_PLANES) == _SEPARATE and isinstance(bits, tuple) and max(bits) > 8:  # noqa: PLR2004 - bits
        raise PermanentError(
            f"The picture cannot be decoded: colours of {max(bits)} bits in separate planes are not"
            " supported. Save it as JPEG or PNG."
        )


def eight_bits(image: Image.Image) -> Image.Image:
    """Give a picture samples of eight bits, with the range that its file means.

    Raises:
        PermanentError: None of its samples is a number.
    """
    tags = _tags(image)
    if image.mode.startswith(("I", "F")):
        grey = _grey(image, tags)
        transparent = image.info.get("transparency")
        if image.mode == "I;16" and isinstance(transparent, int):
            grey = _without(grey, image, transparent)
        return grey
    if image.mode == "L" and tags.get(_FORMAT) == (_SIGNED,):
        return image.point([value ^ 0x80 for value in range(256)])
    if image.mode in ("RGB", "CMYK") and max(tags.get(_BITS, (8,))) > 8:  # noqa: PLR2004 - bits
        return _bright(image)
    return image


def _grey(image: Image.Image, tags: Mapping[int, tuple[float, ...]]) -> Image.Image:
    lowest, highest = _range(image, _declared(image, tags))
    scale = 255 / (highest - lowest) if highest > lowest else 0
    offset = -lowest * scale if scale else _GREY
    grey = image.convert("F").point(lambda value: value * scale + offset).convert("L")
    return ImageOps.invert(grey) if tags.get(_PHOTOMETRIC) == (_MIN_IS_WHITE,) else grey


def _without(grey: Image.Image, image: Image.Image, transparent: int) -> Image.Image:
    """Make transparent what has one value of sixteen bits, and no other that becomes the same."""
    halves = Image.frombytes("LA", image.size, image.tobytes("raw", "I;16B")).split()
    differing = (
        half.point([255 * (value != wanted) for value in range(256)])
        for half, wanted in zip(halves, transparent.to_bytes(2), strict=True)
    )
    result = Image.merge("LA", (grey, ImageChops.lighter(*differing)))
    result.info["icc_profile"] = image.info.get("icc_profile")
    return result


def _bright(image: Image.Image) -> Image.Image:
    """Stretch colours of sixteen bits, of which Pillow reads the upper eight.

    Where a camera fills the lower twelve, that is next to nothing.
    """
    extrema = image.getextrema()
    highest = max(band[1] for band in extrema if isinstance(band, tuple))
    if not 0 < highest < 255 * _LEAST:
        return image
    curve = [min(255, value * 255 // int(highest)) for value in range(256)]
    return image.point(curve * len(image.getbands()))


def _tags(image: Image.Image) -> dict[int, tuple[float, ...]]:
    """Return what a TIFF says of its samples."""
    directory = getattr(image, "tag_v2", {})
    values = {tag: directory[tag] for tag in _TAGS if tag in directory}
    return {tag: value if isinstance(value, tuple) else (value,) for tag, value in values.items()}


def _declared(
    image: Image.Image, tags: Mapping[int, tuple[float, ...]]
) -> tuple[float, float] | None:
    """Return the range that the file declares for its samples."""
    lowest, highest = tags.get(_LOWEST), tags.get(_HIGHEST)
    if lowest and highest and -math.inf < lowest[0] < highest[0] < math.inf:
        return float(lowest[0]), float(highest[0])
    bits = int(tags.get(_BITS, (16 if image.mode.startswith("I;16") else 32,))[0])
    if image.mode == "F" or bits > 16:  # noqa: PLR2004 - bits: beyond any camera's range
        return None
    if tags.get(_FORMAT) == (_SIGNED,):
        return -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1
    return 0.0, 2.0**bits - 1


def _range(image: Image.Image, declared: tuple[float, float] | None) -> tuple[float, float]:
    size = (min(_SIDE, image.width), min(_SIDE, image.height))
    samples = image.resize(size, Image.Resampling.NEAREST).get_flattened_data()
    numbers = (value for value in samples if isinstance(value, int | float))
    values = _grouped(sorted(float(value) for value in numbers if math.isfinite(value)))
    if not values:
        raise PermanentError("The picture cannot be decoded: none of its samples is a number.")
    outliers = len(values) * _OUTLIERS // 1000
    lowest, highest = values[outliers], values[-1 - outliers]
    if lowest == highest:
        lowest, highest = values[0], values[-1]
    if declared:
        width = declared[1] - declared[0]
        if lowest == highest or highest - lowest >= _LEAST * width:
            return declared
    return lowest, highest


def _grouped(values: list[float]) -> list[float]:
    """Leave out the groups of sorted samples that lie far away from the others."""
    for _ in range(_GROUPS):
        gaps = [after - before for before, after in pairwise(values)]
        if not gaps:
            break
        widest = max(gaps)
        place = gaps.index(widest) + 1
        kept = max(values[:place], values[place:], key=lambda part: len(set(part)))
        if len(set(kept)) < _VALUES or widest <= _GAP * (kept[-1] - kept[0]):
            break
        values = kept
    return values
