"""What is transparent shows nothing: it is passed over where there is something to see."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from invoke_labeller.errors import PermanentError
from invoke_labeller.picture import prepare
from tests.picture_corpus import chunk, png
from tests.pictures import encoded, heic

SIZE = (40, 30)
RED = (200, 30, 30)
CLEAR = Image.new("RGBA", SIZE)


def seen(data: bytes) -> tuple[int, ...]:
    pixel = Image.open(BytesIO(prepare(data).jpeg)).getpixel((20, 15))
    assert isinstance(pixel, tuple)
    return pixel


@pytest.mark.parametrize("empty", [1, 2])
def test_an_animation_is_the_first_frame_that_shows_anything(empty: int) -> None:
    frames = [CLEAR.copy() for _ in range(empty)]
    for number, frame in enumerate(frames):
        frame.putpixel((number, 0), (1, 2, 3, 0))
    red = Image.new("RGBA", SIZE, (*RED, 255))
    animation = encoded(
        frames[0],
        "GIF",
        save_all=True,
        append_images=[*frames[1:], red],
        duration=[10, 20, 30][: empty + 1],
        disposal=2,
    )

    assert seen(animation) == pytest.approx(RED, abs=8)


@pytest.mark.parametrize("empty", [1, 2, 7])
@pytest.mark.parametrize(
    ("format_name", "options"),
    [("PNG", {}), ("PNG", {"default_image": True}), ("WEBP", {"lossless": True})],
    ids=["PNG", "PNG with a picture before its frames", "WebP"],
)
def test_it_is_so_in_every_format(format_name: str, options: dict[str, bool], empty: int) -> None:
    frames = [CLEAR.copy() for _ in range(empty)]
    for number, frame in enumerate(frames):
        frame.putpixel((number, 0), (1, 2, 3, 0))
    # A frame of its own size, at its own place.
    red = CLEAR.copy()
    red.paste((*RED, 255), (10, 10, 30, 20))

    animation = encoded(
        frames[0], format_name, save_all=True, append_images=[*frames[1:], red], **options
    )

    assert seen(animation) == pytest.approx(RED, abs=12)


def test_a_frame_beyond_the_picture_is_ignored() -> None:
    frame = struct.pack(">IIIIIHHBB", 1, 41, 30, 0, 0, 1, 1, 0, 0)
    pixels = zlib.compress((b"\0" + bytes((*RED, 255)) * 41) * 30)
    still = encoded(CLEAR, "PNG")
    control, data = chunk(b"fcTL", frame), chunk(b"fdAT", bytes(4) + pixels)
    animation = still[:33] + chunk(b"acTL", bytes(8)) + still[33:-12] + control + data + still[-12:]

    with pytest.raises(PermanentError, match="shows nothing"):
        prepare(animation)


def test_of_a_large_animation_no_more_than_another_picture_of_its_size_is_decoded() -> None:
    frames = [Image.new("RGBA", (2100, 2000)) for _ in range(3)]
    for number, frame in enumerate(frames):
        # Otherwise Pillow would write the part alone that differs.
        frame.putpixel((number, 0), (1, 2, 3, 0))
        frame.putpixel((2099, 1999), (number, 2, 3, 0))
    red = Image.new("RGBA", (2100, 2000), (*RED, 255))

    second = encoded(frames[0], "PNG", save_all=True, append_images=[red])
    fourth = encoded(frames[0], "PNG", save_all=True, append_images=[*frames[1:], red])

    assert seen(second) == pytest.approx(RED, abs=12)
    with pytest.raises(PermanentError, match="shows nothing"):
        prepare(fourth)


# The depth of a PNG's samples, the transparent one, another one, and what that is on a screen.
KEYS = {
    "1 bit, black": (1, 0, 1, 255),
    "1 bit, white": (1, 1, 0, 0),
    "2 bits": (2, 1, 2, 170),
    "2 bits, with bits that no sample has": (2, 4 + 1, 2, 170),
    "4 bits": (4, 7, 8, 136),
    "8 bits": (8, 100, 101, 101),
    "8 bits, with bits that no sample has": (8, 512 + 100, 101, 101),
    "16 bits": (16, 0x8001, 0x4040, 64),
    "16 bits, of which the lower ones differ": (16, 0x8002, 0x8001, 0),
}


def grey(depth: int, transparent: int, upper: int, lower: int) -> bytes:
    """A PNG of 40 by 30 pixels with one grey above and one below."""
    rows = [
        b"\0" + sum(value << depth * at for at in range(40)).to_bytes(5 * depth)
        for value in [upper] * 15 + [lower] * 15
    ]
    key = chunk(b"tRNS", struct.pack(">H", transparent))
    return png(*SIZE, depth, 0, b"".join(rows), extra=key)


@pytest.mark.parametrize("kind", KEYS)
def test_the_transparent_grey_of_a_png_is_transparent_and_no_other_is(kind: str) -> None:
    depth, transparent, other, level = KEYS[kind]
    most = (1 << depth) - 1

    image = Image.open(BytesIO(prepare(grey(depth, transparent, other, transparent & most)).jpeg))

    assert image.getpixel((20, 4)) == pytest.approx((level,) * 3, abs=8)
    assert image.getpixel((20, 25)) == pytest.approx((255,) * 3, abs=8)


@pytest.mark.parametrize("kind", KEYS)
def test_a_png_of_its_transparent_grey_alone_shows_nothing(kind: str) -> None:
    depth, transparent, _, _ = KEYS[kind]
    value = transparent & (1 << depth) - 1

    with pytest.raises(PermanentError, match="shows nothing"):
        prepare(grey(depth, transparent, value, value))


@pytest.mark.parametrize("depth", [8, 16])
def test_the_transparent_colour_of_a_png_is_transparent_in_every_depth(depth: int) -> None:
    key, other = (0x80, 0x40, 0x10), RED
    if depth == 16:
        key, other = (0x8001, 0x4002, 0x1003), (200 * 257, 30 * 257, 30 * 257)
    letters = ">HHH" if depth == 16 else ">BBB"
    rows = [b"\0" + struct.pack(letters, *colour) * 40 for colour in [other] * 15 + [key] * 15]
    data = png(*SIZE, depth, 2, b"".join(rows), extra=chunk(b"tRNS", struct.pack(">HHH", *key)))

    image = Image.open(BytesIO(prepare(data).jpeg))

    assert image.getpixel((20, 4)) == pytest.approx(RED, abs=8)
    assert image.getpixel((20, 25)) == pytest.approx((255,) * 3, abs=8)


@pytest.mark.parametrize("header_size", [56, 108, 124])
def test_a_bitmap_whose_alpha_is_all_zero_is_opaque(header_size: int) -> None:
    width, height = SIZE
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    header = struct.pack("<IiiHHIIiiII", header_size, width, height, 1, 32, 3, 0, 0, 0, 0, 0)
    header = (header + masks).ljust(header_size, b"\0")
    start = struct.pack("<IHHI", 0, 0, 0, 14 + header_size)
    pixels = bytes((*RED[::-1], 0)) * (width * height)

    assert seen(b"BM" + start + header + pixels) == pytest.approx(RED, abs=8)


def palette() -> Image.Image:
    image = Image.new("P", SIZE, 3)
    image.putpalette([9] * 768)
    return image


INVISIBLE = {
    "PNG": encoded(CLEAR, "PNG"),
    "PNG whose colours are red": encoded(Image.new("RGBA", SIZE, (*RED, 0)), "PNG"),
    "grey PNG": encoded(Image.new("LA", SIZE), "PNG"),
    "PNG with a palette": encoded(palette(), "PNG", transparency=3),
    "PNG with a transparent colour": encoded(Image.new("RGB", SIZE, RED), "PNG", transparency=RED),
    "GIF": encoded(palette(), "GIF", transparency=3),
    "WebP": encoded(CLEAR, "WEBP", lossless=True),
    "TIFF": encoded(CLEAR, "TIFF"),
    "AVIF": encoded(CLEAR, "AVIF"),
    "HEIC": heic(CLEAR),
}


@pytest.mark.parametrize("kind", INVISIBLE)
def test_of_a_picture_that_shows_nothing_nothing_is_labelled(kind: str) -> None:
    with pytest.raises(PermanentError, match="shows nothing"):
        prepare(INVISIBLE[kind])


def test_a_single_visible_spot_is_a_picture() -> None:
    image = CLEAR.copy()
    image.putpixel((20, 15), (*RED, 255))

    assert seen(encoded(image, "PNG")) != (255, 255, 255)
