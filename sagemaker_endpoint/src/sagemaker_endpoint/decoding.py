"""From a file's bytes, which may be hostile, to a picture in RGB."""

import io
import warnings
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from sagemaker_endpoint.errors import ImageError

# The formats that ImageLabeller accepts; Pillow knows many more, and each is more to attack.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
MAX_PIXELS = 64_000_000

# Pillow's own guard, which warns beyond the limit; here it refuses.
# https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.open
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def decode(data: bytes, *, at_least: int) -> Image.Image:
    """Decodes an image, upright.

    Args:
        data: An image file.
        at_least: Shorter side, in pixels, that is enough: a larger JPEG is decoded at 1/2, 1/4 or
            1/8 of its size, which costs a fraction of the time.

    Raises:
        ImageError: The bytes are no image in FORMATS, are damaged, or have more than MAX_PIXELS.
    """
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        picture.draft(None, (at_least, at_least))
        with suppress(Exception):  # damaged EXIF data says nothing of how the camera was held
            ImageOps.exif_transpose(picture, in_place=True)
        picture.load()
    except UnidentifiedImageError as error:
        raise ImageError(f"This is no image in one of the formats {', '.join(FORMATS)}.") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageError(f"The image has more than {MAX_PIXELS} pixels.") from error
    except Exception as error:  # whatever a decoder trips over, these bytes laid it there
        raise ImageError(f"The image is damaged: {error}.") from error
    return picture


def to_rgb(picture: Image.Image) -> Image.Image:
    """Converts a picture of any mode to 8-bit RGB.

    What is transparent becomes white. Greys of 16 bits keep their upper 8; those of 32 bits or
    floating point, whose range is not known, are stretched from their darkest to their lightest.
    """
    if picture.mode.startswith(("I", "F")):
        picture = Image.fromarray(_to_8_bits(picture))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert(
            "RGB"
        )
    return picture.convert("RGB")


def _to_8_bits(picture: Image.Image) -> NDArray[np.uint8]:
    values = np.asarray(picture)
    if picture.mode.startswith("I;16"):
        return (values >> 8).astype(np.uint8)
    values = np.nan_to_num(values.astype(np.float64))
    low, high = values.min(), values.max()
    stretched: NDArray[np.float64] = (values - low) * (255 / max(high - low, 1e-12))
    return stretched.astype(np.uint8)
