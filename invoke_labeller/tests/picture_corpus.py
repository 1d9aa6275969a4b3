"""Pictures that strangers submit: every kind that must be labelled, and those that mean harm."""

import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageDraw

from tests.pictures import encoded, jpeg_of_scans, photo, png_claiming

type Maker = Callable[[], bytes]

LABELLED, FAILED, EITHER = "labelled", "failed", "labelled or failed"
MEGABYTE = 2**20
FIFTY_MEGAPIXELS = (8000, 6250)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(  # noqa: PLR0913 - the fields of its header
    width: int,
    height: int,
    depth: int,
    colour: int,
    rows: bytes,
    *,
    extra: bytes = b"",
    interlace: int = 0,
) -> bytes:
    """A PNG of kinds that Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    data = chunk(b"IDAT", zlib.compress(rows, 1))
    return SIGNATURE + chunk(b"IHDR", header) + extra + data + chunk(b"IEND", b"")


def tiff(entries: dict[int, tuple[int, int, int]], data: bytes = b"") -> bytes:
    """A TIFF with this directory: tag to type, count and value."""
    body = b"".join(struct.pack("<HHII", tag, *entries[tag]) for tag in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + bytes(4) + data


def tiff_of(width: int, height: int, without: tuple[int, ...] = (), **changes: int) -> bytes:
    """An uncompressed TIFF, or one whose tags (`t322=...`) promise something else."""
    entries = {256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 8), 259: (3, 1, 1)}
    entries |= {262: (3, 1, 1), 277: (3, 1, 1), 278: (4, 1, height), 279: (4, 1, width * height)}
    entries |= {int(tag[1:]): (4, 1, value) for tag, value in changes.items()}
    entries[273] = (4, 1, 8 + 2 + 12 * (len(entries) + 1) + 4)
    return tiff({tag: entries[tag] for tag in entries if tag not in without}, bytes(1000))


def gif(canvas: tuple[int, int], frame: tuple[int, int, int, int], data: bytes) -> bytes:
    """A GIF of one frame, at a place of its own on the canvas."""
    screen = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    return screen + b"," + struct.pack("<HHHHB", *frame, 0) + data + b";"


def run_length_bmp(width: int, height: int) -> bytes:
    """A BMP whose rows end after one pixel: Pillow fills up the rest of each, byte by byte."""
    rows = b"\1\1\0\0" * height + b"\0\1"
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(rows), 0, 0, 256, 0)
    start = 14 + len(header) + 4 * 256
    return b"BM" + struct.pack("<III", start + len(rows), 0, start) + header + bytes(1024) + rows


GIF_DATA = b"\x02\x02\x44\x01\x00"
TINY_WEBP = encoded(Image.new("RGB", (16, 16)), "WEBP", lossless=True)


def webp_claiming(width: int, height: int, flags: int = 0) -> bytes:
    """A WebP whose canvas is larger than its picture."""
    canvas = bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little")
    header = b"VP8X" + struct.pack("<I", 10) + canvas + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + header + TINY_WEBP[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def large(mode: str, format_name: str, **options: object) -> Maker:
    """A picture of 50 megapixels, in a file as small as its format allows."""

    def make() -> bytes:
        image = Image.new(mode, FIFTY_MEGAPIXELS, 77)
        # Of a picture that is all transparent nothing would be labelled.
        seen = (9, 9, 9, 255) if mode == "RGBA" else 9
        image.paste(seen, (0, 0, 1000, 1000))
        return encoded(image, format_name, **options)

    return make


def large_animation(mode: str, format_name: str, **options: object) -> bytes:
    frames = [Image.new(mode, FIFTY_MEGAPIXELS, colour) for colour in ("red", "blue")]
    return encoded(frames[0], format_name, save_all=True, append_images=frames[1:], **options)


def large_scans() -> bytes:
    """A progressive JPEG of 50 megapixels with as many scans as are read."""
    jpeg = encoded(Image.new("RGB", FIFTY_MEGAPIXELS, "gray"), "JPEG", progressive=True)
    scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + scan * (100 - jpeg.count(b"\xff\xda")) + jpeg[-2:]


def oriented(orientation: int) -> Maker:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return lambda: encoded(photo(), "JPEG", exif=exif)


def noise(size: tuple[int, int]) -> Image.Image:
    """Noise that repeats, which no format here takes advantage of: all of it would take seconds."""
    part = Image.effect_noise((1000, 1250), 80).convert("RGB")
    whole = Image.new("RGB", size)
    for left in range(0, size[0], part.width):
        for upper in range(0, size[1], part.height):
            whole.paste(part, (left, upper))
    return whole


def text_bomb(kind: bytes) -> bytes:
    text = b"Comment\0" + (b"\0" if kind == b"zTXt" else b"\1\0\0\0")
    extra = chunk(kind, text + zlib.compress(bytes(100 * MEGABYTE), 9))
    return png(1, 1, 8, 2, b"\0abc", extra=extra)


def drawn_frames(count: int) -> bytes:
    frames = [Image.new("P", (64, 64), number % 256) for number in range(count)]
    for number, frame in enumerate(frames):
        ImageDraw.Draw(frame).point((number % 64, number // 64), 255)
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


WIDE, TALL = FIFTY_MEGAPIXELS
KINDS: dict[str, tuple[str, Maker]] = {
    "one pixel, PNG": (LABELLED, lambda: encoded(photo(1, 1), "PNG")),
    "one pixel, JPEG": (LABELLED, lambda: encoded(photo(1, 1), "JPEG")),
    "one pixel, GIF": (LABELLED, lambda: gif((1, 1), (0, 0, 1, 1), GIF_DATA)),
    "one pixel, WebP": (LABELLED, lambda: encoded(photo(1, 1), "WEBP")),
    "one pixel, BMP": (LABELLED, lambda: encoded(photo(1, 1), "BMP")),
    "one pixel, TIFF": (LABELLED, lambda: encoded(photo(1, 1), "TIFF")),
    "one row": (LABELLED, lambda: encoded(photo(60_000, 1), "PNG")),
    "one column": (LABELLED, lambda: encoded(photo(1, 60_000), "PNG")),
    "16 bits of each colour": (LABELLED, lambda: png(2, 2, 16, 2, (b"\0" + b"\x80" * 12) * 2)),
    "16 bits and alpha": (LABELLED, lambda: png(2, 2, 16, 6, (b"\0" + b"\x80" * 16) * 2)),
    "16 bits of grey and alpha": (LABELLED, lambda: png(2, 2, 16, 4, (b"\0" + b"\x80" * 8) * 2)),
    "two bits of grey": (LABELLED, lambda: png(4, 1, 2, 0, b"\0\x1b")),
    "interlaced": (LABELLED, lambda: png(1, 1, 8, 2, b"\0abc", interlace=1)),
    "a transparent colour": (
        LABELLED,
        lambda: png(2, 1, 8, 2, b"\0abcdef", extra=chunk(b"tRNS", b"\0a\0b\0c")),
    ),
    "a palette too short": (
        EITHER,
        lambda: png(2, 1, 8, 3, b"\0\0\xff", extra=chunk(b"PLTE", b"abc")),
    ),
    "no palette": (EITHER, lambda: png(2, 1, 8, 3, b"\0\0\xff")),
    "a frame beyond the canvas": (EITHER, lambda: gif((1, 1), (9, 9, 1, 1), GIF_DATA)),
    "1000 frames": (LABELLED, lambda: drawn_frames(1000)),
    "Internet Explorer's GIF": (EITHER, lambda: gif((0, 0), (0, 0, 1, 1), GIF_DATA)),
    **{f"EXIF orientation {number}": (LABELLED, oriented(number)) for number in range(10)},
}

BOMBS: dict[str, tuple[str, Maker]] = {
    "PNG of 2 gigapixels": (FAILED, lambda: png_claiming(50_000, 50_000)),
    "PNG of no height": (FAILED, lambda: png_claiming(50_000, 0)),
    "PNG of zeros behind its pixels": (EITHER, lambda: png(1, 1, 8, 2, bytes(200 * MEGABYTE))),
    "PNG with compressed text": (EITHER, lambda: text_bomb(b"zTXt")),
    "PNG with compressed international text": (EITHER, lambda: text_bomb(b"iTXt")),
    "PNG with a compressed profile": (
        EITHER,
        lambda: png(
            1,
            1,
            8,
            2,
            b"\0abc",
            extra=chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(100 * MEGABYTE), 9)),
        ),
    ),
    "PNG of a million chunks": (
        EITHER,
        lambda: png(1, 1, 8, 2, b"\0abc", extra=chunk(b"tEXt", b"a\0b") * 600_000),
    ),
    "PNG that animates for ever": (
        EITHER,
        lambda: png(1, 1, 8, 2, b"\0abc", extra=chunk(b"acTL", b"\x7f\xff\xff\xff\0\0\0\0")),
    ),
    "GIF of 4 gigapixels": (FAILED, lambda: gif((65535, 65535), (0, 0, 1, 1), GIF_DATA)),
    "GIF of a frame of 4 gigapixels": (
        FAILED,
        lambda: gif((1, 1), (0, 0, 65535, 65535), GIF_DATA),
    ),
    "GIF of a canvas of 50 megapixels": (
        EITHER,
        lambda: gif(FIFTY_MEGAPIXELS, (0, 0, 1, 1), GIF_DATA),
    ),
    "GIF of 10 MB of extensions": (
        EITHER,
        lambda: b"GIF89a\1\0\1\0\0\0\0" + b"!\xfe\xff" * (3 * MEGABYTE) + b"\0;",
    ),
    "TIFF of 2 gigapixels": (FAILED, lambda: tiff_of(50_000, 50_000)),
    "TIFF of a tile of 4 gigapixels": (
        FAILED,
        lambda: tiff_of(16, 16, t322=65520, t323=65520, t324=8, t325=1000, without=(273, 278, 279)),
    ),
    "TIFF of 65535 bands": (FAILED, lambda: tiff_of(16, 16, t277=65535)),
    "TIFF of 4 GB of strips": (EITHER, lambda: tiff_of(16, 16, t279=2**32 - 1)),
    "TIFF of no rows in a strip": (EITHER, lambda: tiff_of(16, 16, t278=0)),
    "TIFF of 64 bits": (FAILED, lambda: tiff_of(16, 16, t258=64)),
    "TIFF that is compressed and is not": (FAILED, lambda: tiff_of(16, 16, t259=8)),
    "TIFF of a million values": (FAILED, lambda: tiff({256: (12, 2**31, 8), 257: (4, 1, 1)})),
    "TIFF of its own directory": (FAILED, lambda: b"II*\0\x08\0\0\0\0\0\x08\0\0\0"),
    "WebP of 268 megapixels": (FAILED, lambda: webp_claiming(16384, 16384)),
    "WebP of 281 terapixels": (FAILED, lambda: webp_claiming(2**24, 2**24)),
    "WebP of a canvas of 50 megapixels": (EITHER, lambda: webp_claiming(WIDE, TALL)),
    "WebP that claims to be animated": (EITHER, lambda: webp_claiming(WIDE, TALL, flags=2)),
    "BMP of 4 exapixels": (
        FAILED,
        lambda: b"BM" + bytes(12) + struct.pack("<IiiHH", 40, 2**31 - 1, 2**31 - 1, 1, 24),
    ),
    "BMP of short runs": (LABELLED, lambda: run_length_bmp(WIDE, TALL)),
    "BMP of short runs in wide rows": (LABELLED, lambda: run_length_bmp(WIDE * TALL // 8, 8)),
    "BMP of the height of minus 2^31": (
        FAILED,
        lambda: b"BM" + bytes(12) + struct.pack("<IiiHH", 40, 1, -(2**31), 1, 24) + bytes(24),
    ),
    "JPEG of 4 gigapixels": (
        FAILED,
        lambda: encoded(photo(), "JPEG").replace(b"\x01\xe0\x02\x80", b"\xff" * 4),
    ),
    "JPEG of a thousand scans": (FAILED, lambda: jpeg_of_scans(1000)),
    "JPEG of 100 scans of 50 megapixels": (EITHER, large_scans),
    "JPEG of filling": (FAILED, lambda: b"\xff\xd8" + b"\xff" * (10 * MEGABYTE)),
    "JPEG of empty segments": (FAILED, lambda: b"\xff\xd8" + b"\xff\xe1\0\2" * (2 * MEGABYTE)),
}

LARGE: dict[str, tuple[str, Maker]] = {
    "PNG": (LABELLED, large("RGB", "PNG", compress_level=1)),
    "PNG with alpha": (LABELLED, large("RGBA", "PNG", compress_level=1)),
    "PNG with a transparent palette": (
        LABELLED,
        large("P", "PNG", transparency=77, compress_level=1),
    ),
    "PNG of 16 bits": (LABELLED, large("I;16", "PNG", compress_level=1)),
    "PNG of 16 bits and alpha": (
        FAILED,
        lambda: png(WIDE, TALL, 16, 6, bytes((1 + 8 * WIDE) * TALL)),
    ),
    "JPEG": (LABELLED, lambda: encoded(noise(FIFTY_MEGAPIXELS), "JPEG", quality=20)),
    "progressive CMYK JPEG": (LABELLED, large("CMYK", "JPEG", progressive=True)),
    "GIF": (LABELLED, large("P", "GIF")),
    "animated GIF": (LABELLED, lambda: large_animation("P", "GIF")),
    "WebP": (LABELLED, large("RGB", "WEBP", method=0)),
    "transparent WebP": (LABELLED, large("RGBA", "WEBP", lossless=True, method=0)),
    "animated WebP": (LABELLED, lambda: large_animation("RGB", "WEBP", method=0)),
    "BMP of one bit": (LABELLED, large("1", "BMP")),
    "deflated TIFF": (LABELLED, large("RGBA", "TIFF", compression="tiff_adobe_deflate")),
    "LZW TIFF of floating point": (LABELLED, large("F", "TIFF", compression="tiff_lzw")),
    "fax TIFF": (LABELLED, large("1", "TIFF", compression="group4")),
    "CMYK TIFF": (LABELLED, large("CMYK", "TIFF", compression="tiff_lzw")),
}
