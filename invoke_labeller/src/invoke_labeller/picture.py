"""Turns whatever picture was stored into a small JPEG that any model can read."""

import contextlib
import threading
import warnings
from io import BytesIO

from PIL import Image, ImageOps

from invoke_labeller.errors import PermanentError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
MAX_PIXELS = 50_000_000
# A scan of a progressive JPEG takes 100 bytes and goes over all pixels. Encoders write about ten;
# libtiff draws the same line for the JPEGs in a TIFF.
MAX_SCANS = 100
# The models crop the centre (0.875 of the shorter side) and scale it to 260 or 299 pixels a side:
# a shorter side of 512 keeps more than they use. The longer side is bounded for panoramas.
SHORT_SIDE = 512
LONG_SIDE = 2048
QUALITY = 90

_START_OF_SCAN = b"\xff\xda"
_UNDECODABLE = "The picture cannot be decoded: its file is damaged or not what it claims to be."
# The batch's threads decode one at a time: it bounds the memory, and one processor does no more.
_DECODER = threading.Lock()


def prepare(data: bytes) -> bytes:
    """Decode a picture, turn it upright, scale it down and encode it as an RGB JPEG.

    The bytes are a stranger's. Of an animation the first frame counts, transparency becomes
    white, and no picture is enlarged.

    Args:
        data: A JPEG, PNG, GIF, WebP, BMP or TIFF file.

    Returns:
        A JPEG of at most LONG_SIDE by SHORT_SIDE pixels: a megabyte where it is all noise.

    Raises:
        PermanentError: It cannot be decoded, or it has more than MAX_PIXELS pixels.
    """
    with _DECODER, warnings.catch_warnings(action="ignore"):
        try:
            return _encode(_opaque(_small(_upright(_open(data)))))
        except (PermanentError, MemoryError):
            raise
        except Exception as error:
            raise PermanentError(_UNDECODABLE) from error


def _open(data: bytes) -> Image.Image:
    """Read the header alone, so that a bomb is refused before any of it is decoded."""
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        pixels = image.width * image.height
    except Image.DecompressionBombError:
        raise PermanentError(_too_large()) from None
    if pixels > MAX_PIXELS:
        raise PermanentError(_too_large())
    if image.format in ("JPEG", "MPO") and data.count(_START_OF_SCAN) > MAX_SCANS:
        raise PermanentError(_UNDECODABLE)
    # A JPEG is decoded at a half, a quarter or an eighth of its size, at twice of what is needed.
    width, height = _target(image.size)
    image.draft(None, (2 * width, 2 * height))
    image.load()
    return image


def _too_large() -> str:
    return (
        f"The picture has too many pixels: at most {MAX_PIXELS // 1_000_000} million are labelled."
    )


def _target(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1, SHORT_SIDE / min(size), LONG_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _upright(image: Image.Image) -> Image.Image:
    # A picture whose EXIF data is damaged is labelled as it lies.
    with contextlib.suppress(Exception):
        ImageOps.exif_transpose(image, in_place=True)
    return image


def _small(image: Image.Image) -> Image.Image:
    # Pixels of a palette cannot be averaged.
    if image.mode in ("1", "P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Pillow reduces every mode first, which is cheaper, but those of 16 bits.
    gap = None if image.mode.startswith("I;16") else 2.0
    return image.resize(_target(image.size), Image.Resampling.BICUBIC, reducing_gap=gap)


def _opaque(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        image = image.convert("RGBA")
        background = Image.new("RGB", image.size, "white")
        background.paste(image, mask=image.getchannel("A"))
        return background
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image).convert("RGB")
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Map 16 bits onto 8; 32 bits and floating point have no fixed range: stretch theirs."""
    lowest, highest = 0.0, 65535.0
    if image.mode in ("I", "F"):
        lowest, highest = (float(value) for value in image.getextrema())  # type: ignore[arg-type] # one band has one pair
    scale = 255 / ((highest - lowest) or 1)
    return image.convert("F").point(lambda value: value * scale - lowest * scale).convert("L")


def _encode(image: Image.Image) -> bytes:
    # Pillow would carry comments and the like over; they are nobody's business.
    image.info.clear()
    output = BytesIO()
    image.save(output, "JPEG", quality=QUALITY)
    return output.getvalue()
