"""Decodes what is there of a picture whose file ends early or is damaged.

The rule for all formats: what browsers show is labelled, and less than half of a picture is none.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageFile

from invoke_labeller.errors import PermanentError
from invoke_labeller.failure import REASONS, FailureCode

LEAST = 0.5
# What an interlaced picture has of all of itself at first: every eighth pixel of every eighth row.
GRIDS = (1, 2, 4, 8)
# So many rows are looked at, evenly spread.
_ROWS = 512


class LessThanHalfError(PermanentError):
    """Less than half of a picture is there."""

    def __init__(self) -> None:
        super().__init__(REASONS[FailureCode.INCOMPLETE], FailureCode.INCOMPLETE)


@dataclass(frozen=True)
class Found:
    """What was decoded.

    Attributes:
        image: The picture, or what is there of it.
        incomplete: Whether something is missing.
    """

    image: Image.Image
    incomplete: bool = False


def load(
    open_image: Callable[[], ImageFile.ImageFile],
    grids: Sequence[int] = GRIDS[:1],
    *,
    ends_early: bool = False,
) -> Found:
    """Decode a picture, as far as it is there.

    Args:
        open_image: Opens it; called again where it is damaged.
        grids: How far apart the pixels may be that stand for all, the best first.
        ends_early: Whether its decoder takes pixels that end too early for all of them.

    Returns:
        What was decoded.

    Raises:
        PermanentError: Less than half of it is there.
    """
    image = open_image()
    try:
        image.load()
        if not ends_early or _ends_filled(image):
            return Found(image)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001, S110 # nosec B110 - whatever a decoder raises
        pass
    # Decoded over two different backgrounds, what is missing differs.
    decoded_over(image := open_image(), 0)
    before = {grid: _rows(image, grid) for grid in grids}
    decoded_over(image := open_image(), 255)
    return _best(image, before)


def prefill(image: ImageFile.ImageFile, fill: Callable[[], None]) -> None:
    """Have something done between the making of a picture's memory and its decoding."""
    prepare = image.load_prepare

    def load_prepare() -> None:
        prepare()
        fill()

    vars(image)["load_prepare"] = load_prepare


def decoded_over(image: ImageFile.ImageFile, value: int) -> None:
    """Decode what can be decoded, over a background.

    Raises:
        PermanentError: Nothing could.
    """
    bands = len(image.getbands())
    colour = value if bands == 1 else (value,) * bands
    prefill(image, lambda: image.im.paste(colour, (0, 0, *image.size)))
    with contextlib.suppress(OSError, SyntaxError, ValueError, EOFError, IndexError):
        image.load()
    image.tile = []  # no further attempt
    if image._im is None:  # noqa: SLF001 - there is no other way to ask
        raise LessThanHalfError


def keep(image: Image.Image, there: Sequence[bool]) -> Found:
    """Keep the rows of a picture that are there.

    Args:
        image: The picture.
        there: Whether the rows are there, of as many as there are, evenly spread.

    Raises:
        PermanentError: Less than half of them is.
    """
    count = sum(there)
    if count < LEAST * len(there):
        raise LessThanHalfError
    rows = count * image.height // len(there)
    if not all(there) and all(there[-count:]):
        lower = image.crop((0, image.height - rows, image.width, image.height))
        return Found(lower, incomplete=True)
    if all(there[:count]):
        return cut(image, rows)
    return Found(image, incomplete=True)


def cut(image: Image.Image, rows: int) -> Found:
    """Keep the upper rows of a picture.

    Raises:
        PermanentError: They are less than half of it.
    """
    if rows < LEAST * image.height:
        raise LessThanHalfError
    if rows == image.height:
        return Found(image)
    return Found(image.crop((0, 0, image.width, rows)), incomplete=True)


def _ends_filled(image: Image.Image) -> bool:
    """Tell whether each of the last two rows has a pixel that is not 0, as memory is at first.

    Two rows: the last pass of an interlaced picture ends in one or the other.
    """
    rows = range(max(0, image.height - 2), image.height)
    return all(any(_gridded(image, (0, row, image.width, row + 1), 1, 1).tobytes()) for row in rows)


def _best(image: Image.Image, before: dict[int, list[bytes]]) -> Found:
    for grid, rows in before.items():
        there = [row == other for row, other in zip(rows, _rows(image, grid), strict=True)]
        if grid == max(before) or all(there):
            found = keep(_gridded(image, (0, 0, *image.size), grid, grid), there)
            return Found(found.image, incomplete=found.incomplete or grid > 1)
    raise AssertionError("there is always one grid")


def _rows(image: Image.Image, grid: int) -> list[bytes]:
    step = grid * max(1, image.height // (grid * _ROWS))
    looked_at = _gridded(image, (0, 0, *image.size), grid, step)
    data = looked_at.tobytes()
    each = len(data) // looked_at.height
    return [data[start : start + each] for start in range(0, len(data), each)]


def _gridded(
    image: Image.Image, box: tuple[int, int, int, int], across: int, down: int
) -> Image.Image:
    """Take every so manieth pixel, from the first on."""
    part = image if box == (0, 0, *image.size) else image.crop(box)
    if across == down == 1:
        return part
    size = (-(-part.width // across), -(-part.height // down))
    # The middle of a pixel is where it is looked up.
    steps = (across, 0, 0.5 - across / 2, 0, down, 0.5 - down / 2)
    return part.transform(size, Image.Transform.AFFINE, steps, Image.Resampling.NEAREST)
