"""Pictures to measure what decoding costs: ordinary ones, and the beginnings of malicious ones."""

import random
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

from tests.picture_corpus import SIGNATURE, chunk, gif, run_length_bmp
from tests.pictures import encoded, heic, jpeg_of_scans
from tests.tiffs import tiff_of_places, tiff_of_samples

SIZES = ((64, 64), (640, 480))
PAGE = (2000, 1500)


def photograph(size: tuple[int, int], seed: int = 1) -> Image.Image:
    """Blotches and grain: what a camera gives takes about as many bytes."""
    dice = random.Random(seed)  # noqa: S311 - not for a secret
    few = (max(1, size[0] // 16), max(1, size[1] // 16))
    image = Image.frombytes("RGB", few, dice.randbytes(3 * few[0] * few[1])).resize(size)
    grain = Image.effect_noise(size, 30).convert("RGB")
    return Image.blend(image, grain, 0.25)


def drawing(size: tuple[int, int]) -> Image.Image:
    """A few lines on white, which takes next to no bytes."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).line((0, 0, *size), fill="navy", width=3)
    return image


def blank(size: tuple[int, int]) -> Image.Image:
    """An empty page, of which few bytes say how it all looks."""
    return Image.new("RGB", size, "white")


def files(image: Image.Image) -> dict[str, bytes]:
    """The picture in every format, as expensive in each as ordinary pictures get."""
    grey = image.convert("L")
    wide = Image.frombytes(
        "I;16", image.size, grey.resize((2 * image.width, image.height)).tobytes()
    )
    return {
        "JPEG": encoded(image, "JPEG", quality=95, subsampling=0),
        "progressive JPEG": encoded(image, "JPEG", quality=95, progressive=True),
        "CMYK JPEG": encoded(image.convert("CMYK"), "JPEG", progressive=True),
        "PNG": encoded(image.convert("RGBA"), "PNG"),
        "PNG of 16 bits": encoded(wide, "PNG"),
        "GIF": encoded(image, "GIF"),
        "WebP": encoded(image.convert("RGBA"), "WEBP", quality=95),
        "lossless WebP": encoded(image.convert("RGBA"), "WEBP", lossless=True, method=0),
        "BMP": encoded(image, "BMP"),
        "run-length BMP": run_length_bmp(*image.size),
        "TIFF": encoded(image, "TIFF"),
        "LZW TIFF": encoded(image, "TIFF", compression="tiff_lzw"),
        "deflated TIFF": encoded(image.convert("F"), "TIFF", compression="tiff_adobe_deflate"),
        "AVIF": encoded(image, "AVIF", quality=90, speed=9),
        "HEIC": heic(image, quality=90),
    }


def ordinary() -> dict[str, bytes]:
    """Ordinary pictures of several sizes, with much, little and nothing in them."""
    shown = [(what, size) for what in (photograph, drawing) for size in SIZES]
    return {
        f"{name}, {what.__name__}, {size[0]} x {size[1]}": data
        for what, size in (*shown, (blank, PAGE))
        for name, data in files(what(size)).items()
    }


def _empty_blocks(count: int) -> bytes:
    """A PNG whose deflated pixels begin with blocks of nothing."""
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    deflated = zlib.compress(bytes(193 * 64))
    pixels = deflated[:2] + b"\0\0\0\xff\xff" * count + deflated[2:]
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _strips(image: Image.Image, **options: object) -> bytes:
    output = BytesIO()
    image.save(output, "TIFF", tiffinfo={278: 1}, **options)
    return output.getvalue()


def _frames(format_name: str, count: int) -> bytes:
    images = [photograph((48, 48), seed) for seed in range(count)]
    return encoded(images[0], format_name, save_all=True, append_images=images[1:])


def generators() -> dict[str, list[Callable[[int], bytes]]]:
    """By format, makers of pictures that could be costly, by how much there is of it (1 to 100)."""
    small, middle = photograph((64, 64)), photograph((400, 300))
    return {
        "JPEG": [
            jpeg_of_scans,
            lambda much: encoded(middle, "JPEG", restart_marker_blocks=1 + much // 10),
            lambda much: encoded(photograph((8 * much, 8)), "JPEG", progressive=True),
            lambda much: (
                b"\xff\xd8"
                + b"\xff\xe1\0\x10Exif\0\0II*\0\0\0\0\0" * 18 * much
                + encoded(small, "JPEG")[2:]
            ),
            lambda much: encoded(middle, "JPEG", progressive=True)[: 1000 * much],
        ],
        "PNG": [
            lambda much: _empty_blocks(1000 * much),
            lambda much: (
                encoded(small, "PNG")[:33]
                + chunk(b"tEXt", b"a\0b") * 190 * much
                + encoded(small, "PNG")[33:]
            ),
            lambda much: encoded(Image.new("1", (1, 5000 * much)), "PNG"),
            lambda much: encoded(Image.new("RGB", (5000 * much, 1)), "PNG"),
            lambda much: encoded(middle, "PNG")[: 2000 * much],
            lambda much: _frames("PNG", 1 + much // 5),
        ],
        "GIF": [
            lambda much: gif(
                (999, 999), (0, 0, 999, 999), b"\x02" + b"\1\x24" * 2000 * much + b"\0"
            ),
            lambda much: encoded(middle, "GIF", interlace=1)[: 1000 * much],
            lambda much: _frames("GIF", 1 + much // 5),
            lambda much: encoded(Image.new("P", (1, 600 * much)), "GIF"),
        ],
        "WebP": [
            lambda much: _frames("WEBP", 1 + much // 5),
            lambda much: encoded(middle, "WEBP", lossless=True)[: 1500 * much],
            lambda much: encoded(Image.new("RGBA", (1, 160 * much)), "WEBP", lossless=True),
            lambda much: encoded(middle, "WEBP")[: 500 * much],
        ],
        "BMP": [
            lambda much: run_length_bmp(2, 1000 * much),
            lambda much: run_length_bmp(2000 * much, 2),
            lambda much: encoded(middle, "BMP")[: 3600 * much],
        ],
        "TIFF": [
            lambda much: _strips(Image.new("L", (1, 300 * much))),
            lambda much: _strips(Image.new("L", (8, 300 * much)), compression="tiff_lzw"),
            lambda much: _strips(Image.new("1", (999, 10 * much)), compression="group4"),
            lambda much: tiff_of_places(1000 * much),
            lambda much: tiff_of_places(1000 * much, tiles=True),
            lambda much: tiff_of_samples((64, 64), 12, bytes(6144)) + bytes(1000 * much),
            lambda much: encoded(middle, "TIFF", compression="jpeg")[: 500 * much],
        ],
        "AVIF": [
            lambda much: _frames("AVIF", 1 + much // 20),
            lambda much: encoded(photograph((4 * much, 4 * much)), "AVIF", speed=9),
        ],
        "HEIC": [lambda much: heic(photograph((4 * much, 4 * much)))],
    }


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Change a file as somebody might who knows that formats have lengths, counts and parts."""
    changed = bytearray(data)
    place = dice.randrange(len(changed))
    match dice.randrange(6):
        case 0:
            changed[place] = dice.randrange(256)
        case 1:
            size = dice.choice((1, 2, 4))
            value = dice.choice((0, 1, 2**7, 2**8 - 1, 2**15, 2**16 - 1, 2**31 - 1))
            value = min(value, 2 ** (8 * size) - 1)
            changed[place : place + size] = value.to_bytes(size, dice.choice(("big", "little")))
        case 2:
            part = changed[place : place + dice.choice((4, 12, 64, 512))]
            changed[place:place] = part * dice.choice((1, 10, 100))
        case 3:
            del changed[place : place + dice.choice((1, 12, 512))]
        case 4:
            # Early fields matter most: headers and directories.
            changed[dice.randrange(min(200, len(changed)))] = dice.choice((0, 1, 8, 127, 255))
        case 5:
            del changed[place:]
    return bytes(changed[: 2**21]) or data
