"""How a picture must be turned to stand upright, by its EXIF data."""

from PIL import Image

from invoke_labeller.structure import StructureError
from invoke_labeller.tiff_directory import read_number

TAG = 0x0112
# https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf, 4.6.4 A, Orientation
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def of_exif(exif: bytes) -> int:
    """Read the orientation, and nothing else: a hostile directory names the same data often.

    Args:
        exif: EXIF data, with or without its heading.

    Returns:
        The orientation, 1 to 8; 1 where the data is damaged or does not tell.
    """
    try:
        return read_number(exif.removeprefix(b"Exif\0\0"), TAG) or 1
    except StructureError:
        return 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turn a picture upright."""
    turn = TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
