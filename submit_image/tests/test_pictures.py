import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submit_image.pictures import MAX_PIXELS, Picture, inspect
from submit_image.problems import InvalidImage, UnsupportedImage
from tests.support import pictures


@pytest.mark.parametrize(("image_format", "content_type"), pictures.FORMATS.items())
def test_type_and_dimensions_come_from_the_bytes(image_format: str, content_type: str) -> None:
    content = pictures.encoded(image_format, width=40, height=30)

    assert inspect(content) == Picture(content, content_type, 40, 30)


def test_an_animated_png_is_a_png() -> None:
    assert inspect(pictures.animated_png()).content_type == "image/png"


@pytest.mark.parametrize(("orientation", "size"), [(1, (40, 30)), (6, (30, 40)), (8, (30, 40))])
def test_the_dimensions_are_those_of_the_picture_as_it_is_displayed(
    orientation: int, size: tuple[int, int]
) -> None:
    picture = inspect(pictures.with_orientation(orientation))

    assert (picture.width, picture.height) == size


def test_the_digest_is_that_of_the_file() -> None:
    picture = Picture(b"abc", "image/jpeg", 1, 1)

    assert picture.sha256.hex().startswith("ba7816bf8f01cfea414140de5dae2223")


def test_an_empty_file_is_no_picture() -> None:
    with pytest.raises(InvalidImage, match="empty"):
        inspect(b"")


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>cat.jpg</body></html>",
        b'<?xml version="1.0"?><svg width="1" height="1"/>',
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\x00\x00\x00\x1cftypavif" + bytes(50),
        b"\x7fELF" + bytes(50),
        b"P6 1 1 255 abc",
        b"just text",
        b"\xff",
        bytes(100),
    ],
)
def test_other_files_are_not_supported(content: bytes) -> None:
    with pytest.raises(UnsupportedImage):
        inspect(content)


@pytest.mark.parametrize("image_format", pictures.FORMATS)
def test_a_header_that_is_cut_short_is_no_picture(image_format: str) -> None:
    content = pictures.encoded(image_format)[:9]

    with pytest.raises((InvalidImage, UnsupportedImage)):
        inspect(content)


def png(width: int, height: int) -> bytes:
    content = bytearray(pictures.encoded("PNG"))
    content[16:24] = width.to_bytes(4) + height.to_bytes(4)
    return bytes(content)


def test_a_picture_may_have_the_maximal_number_of_pixels_and_no_more() -> None:
    assert inspect(png(MAX_PIXELS // 1000, 1000)).width * 1000 == MAX_PIXELS
    with pytest.raises(InvalidImage, match="pixels"):
        inspect(png(MAX_PIXELS // 1000 + 1, 1000))


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (0, 0)])
def test_a_picture_has_pixels(width: int, height: int) -> None:
    with pytest.raises(InvalidImage):
        inspect(png(width, height))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff" + b"\xe0\x00\x02\xff" * 2_500_000,
        b"\xff\xd8\xff" + b"\xd0\xff" * 5_000_000,
        b"II*\x00\x08\x00\x00\x00\xff\xff" + bytes(10_000_000),
        b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x00abcd\x00\x00\x00\x00" * 800_000,
    ],
)
def test_a_hostile_header_does_not_take_long(content: bytes) -> None:
    started = time.monotonic()

    with pytest.raises(InvalidImage):
        inspect(content)

    assert time.monotonic() - started < 3


def test_a_jpegs_header_is_not_searched_for_in_all_of_the_file() -> None:
    jpeg = pictures.encoded("JPEG")
    segment = b"\xff\xe0" + (65_535).to_bytes(2) + bytes(65_533)

    assert inspect(jpeg[:2] + 30 * segment + jpeg[2:]).width > 0
    with pytest.raises(InvalidImage):
        inspect(jpeg[:2] + 31 * segment + jpeg[2:])


@given(st.sampled_from(sorted(pictures.FORMATS)), st.binary(max_size=60), st.integers(0, 60))
def test_a_damaged_header_is_refused_or_read(image_format: str, noise: bytes, place: int) -> None:
    content = bytearray(pictures.encoded(image_format))
    content[place : place + len(noise)] = noise
    try:
        picture = inspect(bytes(content))
    except (InvalidImage, UnsupportedImage):
        return
    assert 0 < picture.width * picture.height <= MAX_PIXELS
