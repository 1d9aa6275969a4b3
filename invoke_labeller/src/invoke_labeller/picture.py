"""Turns whatever picture was stored into a small JPEG that any model can read."""

import warnings
from io import BytesIO

from PIL import Image

from invoke_labeller import colours, formats, orientation, samples
from invoke_labeller.errors import PermanentError
from invoke_labeller.failure import REASONS, FailureCode
from invoke_labeller.formats import Admit
from invoke_labeller.ports import Prepared
from invoke_labeller.sizes import sent

QUALITY = 90

_UNDECODABLE = (
    f"{REASONS[FailureCode.UNDECODABLE]} If it can be seen elsewhere, save it as JPEG or PNG there."
)


def warm_up() -> None:
    """Load what the first picture would load otherwise: no file can be opened later."""
    Image.preinit()
    colours.warm_up()
    for mode, format_name in (("LAB", "TIFF"), ("RGB", "JPEG")):
        picture = BytesIO()
        Image.new(mode, (8, 8)).save(picture, format_name)
        prepare(picture.getvalue())


def prepare(data: bytes, admit: Admit = formats.admit_all) -> Prepared:
    """Decode a picture, turn it upright, scale it down and encode it as an RGB JPEG.

    The bytes are a stranger's. Of an animation the first frame that shows anything counts (of
    the first eight), transparency becomes white, and no picture is enlarged.

    Args:
        data: A JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF or HEIC file.
        admit: Admits the picture before any of it is decoded.

    Returns:
        A JPEG of the size that `sizes.sent` gives: a megabyte where it is all noise.

    Raises:
        PermanentError: It cannot be decoded, or it has more than `sizes.MAX_PIXELS` pixels.
        MemoryError: It needs more memory than there is.
    """
    with warnings.catch_warnings(action="ignore"):
        try:
            found, turn = formats.decode(data, admit)
            image = colours.opaque(_small(found.image))
            return Prepared(_encode(orientation.upright(image, turn)), found.incomplete)
        except (PermanentError, MemoryError):
            raise
        except Exception as error:
            raise PermanentError(_UNDECODABLE) from error


def _small(image: Image.Image) -> Image.Image:
    image = samples.eight_bits(image)
    # Pixels of a palette cannot be averaged.
    if image.mode in ("1", "P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Pillow reduces first, which is cheaper.
    return image.resize(sent(image.size), Image.Resampling.BICUBIC, reducing_gap=2.0)


def _encode(image: Image.Image) -> bytes:
    # Pillow would carry comments and the like over; they are nobody's business.
    image.info.clear()
    output = BytesIO()
    image.save(output, "JPEG", quality=QUALITY)
    return output.getvalue()
