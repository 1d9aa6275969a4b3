"""Decodes a JPEG as far as it is there.

libjpeg fills up what is missing with grey. Where the rows come one after the other, they are
counted before that happens; where scans come one after the other, the first one shows all.
"""

import random
from bisect import bisect_left
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageFile

from invoke_labeller import damage, jpeg
from invoke_labeller.damage import Found

# Decoding a row looks some bytes ahead; zeros there disturb nothing.
_AHEAD = bytes(16)
# What libjpeg puts in the place of what is missing.
_GREY = 128

type Opened = Callable[[BytesIO], ImageFile.ImageFile]


def load(picture: jpeg.Jpeg, opened: Opened) -> Found:
    """Decode a JPEG.

    Args:
        picture: What `jpeg.parse` found.
        opened: Opens a file that is read.

    Returns:
        What is there of it.

    Raises:
        PermanentError: Less than half of it is there.
    """
    if picture.sequential:
        return _sequential(picture, opened)
    image = opened(BytesIO(b"".join((*picture.parts, jpeg.END))))
    image.load()
    if picture.overview:
        return Found(image, incomplete=not picture.ended)
    row = bytes([_GREY]) * image.width * len(image.getbands())
    rows = image.height
    while rows and _row(image, rows - 1) == row:
        rows -= 1
    found = damage.cut(image, rows)
    return Found(found.image, incomplete=found.incomplete or not picture.ended)


def _sequential(picture: jpeg.Jpeg, opened: Opened) -> Found:
    rows: int | None = None

    def count() -> None:
        nonlocal rows
        plain = image._new(image.im)  # noqa: SLF001 - without decoding it to the end
        rows = bisect_left(range(image.height), 1, key=lambda row: _row(plain, row) == noise)

    image = opened(_Source(b"".join((*picture.parts, _AHEAD)), count))
    # Over noise, which no decoder gives.
    noise = random.Random(0).randbytes(image.width * len(image.getbands()))  # noqa: S311 # nosec B311 # no secret
    row = Image.frombytes(image.mode, (image.width, 1), noise)
    background = row.resize(image.size, Image.Resampling.NEAREST)
    damage.prefill(image, lambda: image.im.paste(background.im, (0, 0, *image.size)))
    image.load()
    # A decoder that did not come to the end has all that it wants.
    return damage.cut(image, image.height if rows is None else rows)


def _row(image: Image.Image, row: int) -> bytes:
    return image.crop((0, row, image.width, row + 1)).tobytes()


class _Source(BytesIO):
    """A file that tells when it is read to its end, and only then gives the mark of that."""

    def __init__(self, content: bytes, at_end: Callable[[], None]) -> None:
        super().__init__(content)
        self._at_end: Callable[[], None] | None = at_end

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data and self._at_end:
            self._at_end()
            self._at_end = None
            return jpeg.END
        return data
