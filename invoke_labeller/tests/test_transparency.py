"""What is transparent shows nothing: it is passed over where there is something to see."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from invoke_labeller.errors import PermanentError
from invoke_labeller.picture import prepare
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
