"""Pictures good and bad, made in memory."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image

PHOTOS = Path(__file__).parents[2] / "suite/photos"


def photo(name: str) -> bytes:
    """Return one of the suite's photographs.

    Args:
        name: `chelsea`, `coffee` or `rocket`.

    Returns:
        A JPEG file.
    """
    return (PHOTOS / f"{name}.jpg").read_bytes()


def converted(
    content: bytes, kind: str, mode: str = "RGB", size: tuple[int, int] | None = None
) -> bytes:
    """Write a picture in another way.

    Args:
        content: An image file.
        kind: What Pillow calls the format: `PNG`, `GIF`, `WEBP`, `BMP`, `TIFF`, `JPEG`.
        mode: What Pillow calls the pixels' format: `RGB`, `RGBA`, `L`, `P`, `CMYK`.
        size: Width and height in pixels, where they are to change.

    Returns:
        An image file.
    """
    with Image.open(io.BytesIO(content)) as image:
        picture = image.resize(size) if size else image
        target = io.BytesIO()
        picture.convert(mode).save(target, kind)
    return target.getvalue()


def truncated(content: bytes, share: float = 0.25) -> bytes:
    """Return the beginning of a file: its header is whole, its pixels are not.

    Args:
        content: A picture.
        share: How much of it is returned, from 0 to 1.
    """
    return content[: int(len(content) * share)]


def headless(content: bytes) -> bytes:
    """Return the beginning of a JPEG, enough for its type and too short for its dimensions."""
    return content[:24]


def padded(content: bytes, size: int) -> bytes:
    """Return a picture with zeros behind it, which decoders ignore.

    Args:
        content: An image file.
        size: The wanted size in bytes.

    Returns:
        A file of that size.
    """
    return content.ljust(size, b"\0")


def gigapixel() -> bytes:
    """Return a PNG of a few bytes that says it has 2.5 gigapixels (a decompression bomb)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(kind, data) for kind, data in ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    )
