"""The accepted formats: what tells them apart, and the walk over the structure of each.

A walk reads what a decoder reads before it decodes, in time that is linear in the file's bytes, and
refuses a file of more parts than any camera or program writes: such files are made to keep decoders
busy. The limits are not above invoke_labeller's, so that what is accepted here does not fail there
for them. What a walk does not look at, the pixels and what follows them, is for the decoder.
"""

from collections.abc import Callable

from submit_image.formats import bmp, boxes, gif, jpeg, png, tiff, webp

type Walk = Callable[[bytes], tuple[int, int]]

WALKS: dict[str, Walk] = {
    "image/avif": boxes.size,
    "image/bmp": bmp.size,
    "image/gif": gif.size,
    "image/heic": boxes.size,
    "image/jpeg": jpeg.size,
    "image/png": png.size,
    "image/tiff": tiff.size,
    "image/webp": webp.size,
}
_SIGNATURES: dict[str, bytes | tuple[bytes, ...]] = {
    "image/bmp": bmp.SIGNATURE,
    "image/gif": gif.SIGNATURES,
    "image/jpeg": jpeg.SIGNATURE,
    "image/png": png.SIGNATURE,
    "image/tiff": tiff.SIGNATURES,
}


def content_type(content: bytes) -> str | None:
    """Return the media type of a file by its first bytes, None if it is not accepted.

    Args:
        content: The file.
    """
    for media_type, signatures in _SIGNATURES.items():
        if content.startswith(signatures):
            return media_type
    if webp.SIGNATURE.match(content):
        return "image/webp"
    return boxes.content_type(content)
