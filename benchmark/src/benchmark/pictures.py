"""The pictures that are labelled."""

import io

import numpy as np
from PIL import Image

SMALL, LARGE = 0.3, 12.0
QUALITY = 88
KINDS = {SMALL: 10, LARGE: 3}


def photograph(megapixels: float, seed: int) -> bytes:
    """Make a JPEG whose smooth noise is about as hard to decode as a photograph.

    Args:
        megapixels: Its size, in millions of pixels; its sides are 4 to 3.
        seed: Each gives another picture.
    """
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    noise = np.random.default_rng(seed).integers(0, 256, (height // 4, height // 3, 3), np.uint8)
    picture = Image.fromarray(noise).resize((height * 4 // 3, height), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def album(megapixels: float) -> list[bytes]:
    """Make different pictures of one size."""
    return [photograph(megapixels, seed) for seed in range(KINDS[megapixels])]
