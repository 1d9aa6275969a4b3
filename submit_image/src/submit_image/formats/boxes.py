"""AVIF and HEIC: pictures in the boxes of ISO/IEC 14496-12 and 23008-12 (HEIF).

AVIF: https://aomediacodec.github.io/av1-avif/
"""

import struct
from collections.abc import Iterable

from submit_image.formats import coded
from submit_image.formats.isobmff import Box, MalformedError, Meta
from submit_image.formats.limits import check_pixels, damaged
from submit_image.formats.tracks import shown, tracks
from submit_image.problems import InvalidImage

_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def content_type(content: bytes) -> str | None:
    """Return the media type that the brands in the first box stand for, None if for none.

    Args:
        content: The file.
    """
    if content[4:8] != b"ftyp":
        return None
    length = min(int.from_bytes(content[:4]), 1024)
    brands = {content[8:12]} | {content[place : place + 4] for place in range(16, length, 4)}
    if brands & _AVIF:
        return "image/avif"
    return "image/heic" if brands & _HEIC else None


def size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels as the picture is displayed.

    Args:
        content: The file.

    Raises:
        InvalidImage: No size is given for the picture, it codes more than it claims, or it has too
            many boxes.
    """
    # Decoders of HEIC cut a picture as the file says; those of AVIF show all of it.
    is_heic = content_type(content) == "image/heic"
    try:
        track = None if is_heic else shown(content, tracks(content))
        if track:
            found = _displayed(track.properties, track.size, cut=False)
        else:
            meta = Meta(content)
            found = _displayed(meta.of_item(meta.primary), (0, 0), cut=is_heic)
        check_pixels(*found)
        coded.pixels(content)
    except MalformedError as error:
        raise _refusal(error) from None
    return found


def _displayed(properties: Iterable[Box], stored: tuple[int, int], *, cut: bool) -> tuple[int, int]:
    width, height = stored
    for kind, value in properties:
        if kind == b"ispe" and stored == (0, 0):
            width, height = struct.unpack_from(">4xII", value)
            check_pixels(width, height)
        elif kind == b"clap" and cut:
            width, height = _cut(value)
        elif kind == b"irot" and value[0] & 1:
            width, height = height, width
    return width, height


def _cut(clap: bytes) -> tuple[int, int]:
    width, of_width, height, of_height = struct.unpack_from(">IIII", clap)
    if not of_width or not of_height:
        raise damaged()
    return width // of_width, height // of_height


def _refusal(error: MalformedError) -> InvalidImage:
    if error.many is None:
        return damaged()
    return InvalidImage(
        f"The image has {error.many}, which is implausible."
        " Open it in an image editor and save it again."
    )
