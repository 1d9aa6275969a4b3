"""Makes the pictures that the tests need, good and bad."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image


def encoded(image: Image.Image, format_name: str, **options: Any) -> bytes:
    """The picture as a file."""
    output = BytesIO()
    image.save(output, format_name, **options)
    return output.getvalue()


def heic(image: Image.Image, **options: Any) -> bytes:
    """The picture as phones write it; the labeller has no encoder for it."""
    output = BytesIO()
    pillow_heif.from_pillow(image).save(output, **options)
    return output.getvalue()


def photo(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """A picture whose upper left quarter is red, the rest blue."""
    image = Image.new("RGB", (width, height), (20, 40, 200))
    image.paste((220, 30, 20), (0, 0, max(1, width // 2), max(1, height // 2)))
    return image.convert(mode)


PHOTO = encoded(photo(), "JPEG")


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be as large as a bomb."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def jpeg_of_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: valid, and expensive out of proportion."""
    jpeg = encoded(photo(), "JPEG", progressive=True)
    scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + scan * (count - jpeg.count(b"\xff\xda")) + jpeg[-2:]
