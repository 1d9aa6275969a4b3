"""Pictures in every variant of the accepted formats, by Pillow where it writes them."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

from PIL import Image

from tests.support import claims
from tests.support.pictures import encoded

type Maker = Callable[[], bytes]
type Entries = dict[int, tuple[int, int, int]]

SIZE = (40, 30)
JPEG = encoded("JPEG", *SIZE)
MEGABYTE = 2**20


def saved(image_format: str, mode: str = "RGB", size: tuple[int, int] = SIZE, **how: Any) -> Maker:
    def make() -> bytes:
        file = io.BytesIO()
        Image.new(mode, size).save(file, image_format, **how)
        return file.getvalue()

    return make


def animated(image_format: str, **how: Any) -> Maker:
    frames = [Image.new("RGB", SIZE, colour) for colour in ("orange", "blue", "red")]

    def make() -> bytes:
        file = io.BytesIO()
        frames[0].save(file, image_format, save_all=True, append_images=frames[1:], **how)
        return file.getvalue()

    return make


def turned(image_format: str, orientation: int, **how: Any) -> Maker:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image_format, exif=exif, **how)


def segment(code: int, data: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(extra: bytes) -> Maker:
    # After the segment of JFIF.
    return lambda: JPEG[:20] + extra + JPEG[20:]


def bmp(header: bytes, bottom: bytes) -> Maker:
    start = 14 + len(header)
    return lambda: b"BM" + struct.pack("<IHHI", start + len(bottom), 0, 0, start) + header + bottom


def core_bmp(bits: int, width: int = 40, height: int = 30) -> Maker:
    header = struct.pack("<IHHHH", 12, width, height, 1, bits)
    row = (width * bits + 31) // 32 * 4
    palette = bytes(3 << bits) if bits <= 8 else b""

    def make() -> bytes:
        start = 14 + len(header) + len(palette)
        pixels = bytes(row * height)
        head = b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start)
        return head + header + palette + pixels

    return make


def info_bmp(length: int, height: int = 30) -> Maker:
    fields = struct.pack("<IiiHHIIiiII", length, 40, height, 1, 24, 0, 3600, 0, 0, 0, 0)
    return bmp(fields.ljust(length, b"\0"), bytes(3600))


def tiff(order: str, magic: bytes, entries: Entries, *, big: bool) -> bytes:
    """A TIFF with this directory, tag to type, count and value, after 3,600 bytes of pixels."""
    start = 16 if big else 8
    body = bytes(3600)
    place = start + len(body)
    head = magic + (
        struct.pack(order + "HHQ", 8, 0, place) if big else struct.pack(order + "L", place)
    )
    rows = struct.pack(order + ("Q" if big else "H"), len(entries))
    for tag in sorted(entries):
        kind, count, value = entries[tag]
        letter = {1: "B", 3: "H", 4: "L", 16: "Q"}[kind]
        field = (
            struct.pack(order + letter, value) if count == 1 else struct.pack(order + "L", value)
        )
        rows += struct.pack(order + ("HHQ" if big else "HHL"), tag, kind, count)
        rows += field.ljust(8 if big else 4, b"\0")
    return head + body + rows + bytes(8)


def plain_tiff(
    order: str, magic: bytes, more: Entries | None = None, *, kind: int = 3, big: bool = False
) -> Maker:
    start = 16 if big else 8
    entries = {256: (kind, 1, 40), 257: (kind, 1, 30), 258: (3, 1, 8), 259: (3, 1, 1)}
    entries |= {
        262: (3, 1, 1),
        273: (4, 1, start),
        277: (3, 1, 1),
        278: (3, 1, 30),
        279: (4, 1, 1200),
    }
    entries |= more or {}
    return lambda: tiff(order, magic, entries, big=big)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(extra: bytes, place: int = 33) -> Maker:
    plain = encoded("PNG", *SIZE)
    return lambda: plain[:place] + extra + plain[place:]


def webp_with(extra: bytes) -> bytes:
    plain = encoded("WEBP", *SIZE)
    return plain[:4] + (len(plain) + len(extra) - 8).to_bytes(4, "little") + plain[8:] + extra


def gif(screen: tuple[int, int], frame: tuple[int, int, int, int], before: bytes = b"") -> Maker:
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + bytes(6)
    image = b"," + struct.pack("<HHHHB", *frame, 0) + b"\x02\x02\x44\x01\x00;"
    return lambda: head + before + image


def gif_comment(length: int, block: int = 255) -> bytes:
    blocks = b"".join(bytes([block]) + b"x" * block for _ in range(length // block))
    return b"!\xfe" + blocks + b"\0"


EXIF_SEGMENT = segment(0xE1, b"Exif\0\0" + bytes(8))
XMP = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bytes(65_000))

TAILS = {
    "zeros": bytes(MEGABYTE),
    "ones": b"\xff" * MEGABYTE,
    "a video": b"\0\0\0\x18ftypmp42" + random.Random(1).randbytes(MEGABYTE),  # noqa: S311 - no secret
    "another picture": JPEG * 1000,
}


def followed(image_format: str, tail: bytes) -> Maker:
    return lambda: saved(image_format)() + tail


GOOD: dict[str, Maker] = {
    **{f"JPEG {mode}": saved("JPEG", mode) for mode in ("L", "RGB", "CMYK")},
    "JPEG progressive": saved("JPEG", progressive=True),
    "JPEG with a comment and a profile": saved("JPEG", comment=b"c", icc_profile=bytes(200_000)),
    "JPEG 1x1": saved("JPEG", size=(1, 1)),
    "JPEG 65500x1": saved("JPEG", size=(65_500, 1)),
    "JPEG after 5 MB of metadata": jpeg_with(XMP * 80),
    "JPEG after 300 small segments": jpeg_with(segment(0xEB, b"JP") * 300),
    "JPEG with fill bytes": jpeg_with(b"\xff" * 1000),
    "JPEG with junk between segments": jpeg_with(b"junk\0\xff\0"),
    "JPEG with an Exif thumbnail": jpeg_with(segment(0xE1, b"Exif\0\0" + bytes(8) + JPEG)),
    "JPEG whose Exif data is damaged": jpeg_with(
        segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\1\0\x7c\x92\7\0" + b"\xff" * 8 + bytes(4))
    ),
    "JPEG whose Exif data is endless": jpeg_with(
        segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(60_000))
    ),
    "TIFF with an entry beyond its end": plain_tiff("<", b"II*\0", {700: (1, 2**31, 8)}),
    "JPEG without its end": lambda: JPEG[:-2],
    **{
        f"{name} with {what} behind it": followed(name, tail)
        for name in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIF")
        for what, tail in TAILS.items()
    },
    "JPEG with scans behind it": lambda: JPEG + b"\0\0\0\x18ftypmp42" + b"\xff\xda" * MEGABYTE,
    "MPO": animated("MPO"),
    **{f"PNG {mode}": saved("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")},
    "PNG interlaced": png_with(b""),
    "APNG": animated("PNG"),
    "PNG with a text before its pixels": png_with(png_chunk(b"tEXt", b"a\0" + bytes(3 * MEGABYTE))),
    "PNG of 2,000 chunks": png_with(png_chunk(b"tEXt", b"a\0b") * 2000),
    "PNG without its end": lambda: encoded("PNG", *SIZE)[:-12],
    **{f"GIF {mode}": saved("GIF", mode) for mode in ("1", "L", "P", "RGB")},
    "GIF87a": lambda: b"GIF87a" + saved("GIF", "P")()[6:],
    "GIF animated": animated("GIF", loop=0),
    "GIF with a comment": gif(SIZE, (0, 0, *SIZE), gif_comment(500_000)),
    "GIF that reaches beyond its screen": gif((10, 10), (5, 5, 35, 25)),
    "GIF on a larger screen": gif(SIZE, (5, 5, 1, 1)),
    "WebP": saved("WEBP"),
    "WebP lossless": saved("WEBP", lossless=True),
    "WebP with transparency": saved("WEBP", "RGBA"),
    "WebP lossless with transparency": saved("WEBP", "RGBA", lossless=True),
    "WebP with a profile": saved("WEBP", icc_profile=bytes(500)),
    "WebP animated": animated("WEBP"),
    "WebP 16383 wide": saved("WEBP", size=(16_383, 2)),
    **{f"BMP {mode}": saved("BMP", mode) for mode in ("1", "L", "P", "RGB", "RGBA")},
    **{f"BMP of OS/2, {bits} bits": core_bmp(bits) for bits in (1, 4, 8, 24)},
    "BMP of OS/2, 40000 wide": core_bmp(1, 40_000, 2),
    **{f"BMP with a header of {n}": info_bmp(n) for n in (40, 52, 56, 64, 108, 124)},
    "BMP from top to bottom": info_bmp(40, -30),
    **{
        f"TIFF {mode} {compression}": saved("TIFF", mode, compression=compression)
        for mode, compression in [
            ("1", "group4"),
            ("L", None),
            ("RGB", "jpeg"),
            ("RGB", "tiff_lzw"),
            ("RGBA", "tiff_adobe_deflate"),
            ("CMYK", "packbits"),
            ("I;16", None),
            ("F", None),
        ]
    },
    "TIFF of pages": animated("TIFF"),
    "BigTIFF": saved("TIFF", big_tiff=True),
    "BigTIFF, wide numbers": plain_tiff("<", b"II+\0", big=True, kind=16),
    "TIFF, big-endian": plain_tiff(">", b"MM\0*"),
    "TIFF, long numbers": plain_tiff("<", b"II*\0", kind=4),
    "TIFF, its version in the wrong order": plain_tiff("<", b"II\0*"),
    "TIFF, its version in the wrong order, big-endian": plain_tiff(">", b"MM*\0"),
    "AVIF": saved("AVIF"),
    "AVIF L": saved("AVIF", "L"),
    "AVIF with transparency": saved("AVIF", "RGBA"),
    "AVIF with a profile": saved("AVIF", icc_profile=bytes(500)),
    "AVIF animated": animated("AVIF"),
    "HEIC": saved("HEIF"),
    "HEIC with transparency": saved("HEIF", "RGBA"),
    "HEIC of odd size": saved("HEIF", size=(41, 31)),
    **{
        f"{name} {what}": partial(make, name)
        for name in claims.KINDS
        for what, make in {
            "built here": lambda name: claims.plain(name, 64, 64),
            "of tiles": lambda name: claims.tiled(name, 1024, claims.item(name, 512), 2),
            "of tiles beyond its edge": (
                lambda name: claims.tiled(name, 514, claims.item(name, 512), 2)
            ),
            "of tiles, turned": claims.turned,
            "and its transparency": lambda name: claims.transparent(name, 64, 64),
        }.items()
    },
    "AVIF of four layers": lambda: claims.frames(4),
    "AVIF of a sequence and another picture": claims.sequence_of_another_item,
    **{
        f"{image_format} turned {orientation}": turned(image_format, orientation)
        for image_format in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF")
        for orientation in (1, 2, 3, 5, 6, 8)
    },
}

# Implausible files, and what the refusal says.
HOSTILE: dict[str, tuple[Maker, str]] = {
    "520,000 Exif segments": (jpeg_with(EXIF_SEGMENT * 520_000), "2,000 segments"),
    "JPEG of empty segments": (jpeg_with(b"\xff\xe0\0\x02" * 2_500_000), "2,000 segments"),
    "JPEG of standalone markers": (jpeg_with(b"\xff\xd0" * 5_000_000), "2,000 segments"),
    "JPEG of junk": (jpeg_with(bytes(10_000_000)), "100,000 bytes between"),
    "JPEG of fill bytes": (jpeg_with(b"\xff" * 10_000_000), "100,000 bytes between"),
    "JPEG of escaped bytes": (jpeg_with(b"\xff\0" * 5_000_000), "100,000 bytes between"),
    "JPEG of scans": (lambda: JPEG[:-2] + segment(0xDA, bytes(8)) * 900_000, "100 scans"),
    "PNG of chunks": (png_with(png_chunk(b"tEXt", b"") * 800_000), "20,000 chunks"),
    "PNG of pixels byte by byte": (png_with(png_chunk(b"IDAT", b"x") * 700_000), "20,000 chunks"),
    "GIF comment byte by byte": (
        gif(SIZE, (0, 0, *SIZE), gif_comment(5_000_000, 1)),
        "10,000 blocks",
    ),
    "GIF of empty comments": (gif(SIZE, (0, 0, *SIZE), b"!\xfe\0" * 3_000_000), "10,000 blocks"),
    "GIF of junk": (gif(SIZE, (0, 0, *SIZE), b"x" * 10_000_000), "10,000 blocks"),
    "WebP of chunks": (lambda: webp_with(b"junk\0\0\0\0" * 1_000_000), "20,000 chunks"),
    "TIFF of five million strips": (
        plain_tiff("<", b"II*\0", {273: (3, 5_000_000, 8)}),
        "100,000 strips",
    ),
    "TIFF of strips of a byte": (
        lambda: plain_tiff("<", b"II*\0", {273: (1, 3_000_000, 8)})() + bytes(10_000_000),
        "100,000 strips",
    ),
    "TIFF of tiles of a pixel": (
        lambda: plain_tiff("<", b"II*\0", {324: (4, 2_000_000, 8)})() + bytes(10_000_000),
        "100,000 strips or tiles",
    ),
    "TIFF of entries that share their bytes": (
        lambda: (
            plain_tiff("<", b"II*\0", dict.fromkeys(range(700, 800), (1, 9_000_000, 8)))()
            + bytes(10_000_000)
        ),
        "more bytes than the file has",
    ),
    "TIFF of entries": (
        plain_tiff("<", b"II*\0", dict.fromkeys(range(1000, 60_000), (3, 1, 8))),
        "4,096 entries",
    ),
    "BigTIFF of endless entries": (
        lambda: b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2**64 - 1) + bytes(1000),
        "4,096 entries",
    ),
    **{
        f"{name}: {what}": (partial(make, name), "more pixels in its data than it claims")
        for name in claims.KINDS
        for what, make in {
            "a tile larger than the grid": (
                lambda name: claims.tiled(name, 64, claims.item(name, claims.LARGE))
            ),
            "a tile again and again": lambda name: claims.repeated(name, 100),
            "transparency larger than the picture": (
                lambda name: claims.transparent(name, claims.LARGE, claims.LARGE)
            ),
        }.items()
    },
    "AVIF that claims less than it codes": (
        lambda: claims.plain("AVIF", claims.LARGE, 64),
        "more pixels in its data than it claims",
    ),
    "AVIF of tiles that claim less than they code": (
        lambda: claims.tiled("AVIF", 1024, claims.item("AVIF", claims.LARGE, 512), 2),
        "more pixels in its data than it claims",
    ),
    "AVIF sequence that claims less than it codes": (
        lambda: claims.sequence(32),
        "more pixels in its data than it claims",
    ),
    "AVIF of frames": (lambda: claims.frames(100), "more than 8 frames"),
    "AVIF of a grid of tiles without end": (
        lambda: claims.repeated("AVIF", 6000),
        "more than 5,000 tiles",
    ),
    "AVIF that is derived from itself": (lambda: claims.nested("AVIF"), "more than 5,000 tiles"),
    "TIFF of a tile larger than itself": (
        plain_tiff("<", b"II*\0", {322: (4, 1, 7000), 323: (4, 1, 7000), 324: (4, 1, 8)}),
        "tiles are larger",
    ),
    "AVIF of boxes": (
        lambda: saved("AVIF")()[:32] + b"\0\0\0\x08free" * 1_000_000,
        "5,000 boxes",
    ),
}
