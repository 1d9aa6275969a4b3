import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submit_image.formats.limits import MAX_PIXELS
from submit_image.pictures import Picture, inspect
from submit_image.problems import InvalidImage, TooManyPixels, UnsupportedImage
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


PNG = pictures.encoded("PNG")
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'
OTHERS: dict[bytes, str] = {
    b"<!DOCTYPE html><html><body>cat.jpg</body></html>": "web page",
    b"\n\n  <!doctype HTML>\n": "web page",
    b"\xef\xbb\xbf<html lang=en>": "web page",
    b"<!-- saved --><!-- twice -->\n<HTML>": "web page",
    b"<head><title>404</title>": "web page",
    b"<script>location='/'</script>": "web page",
    "<!DOCTYPE html><html>".encode("utf-16"): "web page",
    XML + b'<html xmlns="http://www.w3.org/1999/xhtml">': "web page",
    b'<!DOCTYPE html><html><body><svg width="1"/></body></html>': "web page",
    b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>': "SVG",
    XML + b'<!-- Inkscape -->\n<svg width="1" height="1"/>': "SVG",
    XML + b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n<svg/>': "SVG",
    XML + b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message>": "expired",
    XML + b"<rss version='2.0'>": "XML",
    b'{"error": "not found"}': "JSON",
    b'[{"url": "a"}]': "JSON",
    b"{}": "JSON",
    b"Not found": "a text",
    "Bild nicht gefunden: K\u00e4tzchen".encode(): "a text",
    b"data:image/png;base64,iVBORw0KGgo=": "a text",
    b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n": "a text",
    b"P6 1 1 255 abc": "type PPM, which is not supported",
    b"P5\n# GIMP\n2 2\n255\n\0\1\2\3": "type PPM",
    b"qoif" + bytes(20): "type QOI",
    b"\0\0\2" + bytes(9) + b"\2\0\2\0\x18\0" + b"\1" * 12: "type TGA",
    b"\0\1\1\0\0\0\1\x18" + bytes(4) + b"\2\0\2\0\x08\0" + b"\1" * 12: "type TGA",
    b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(20): "type JPEG XL",
    PNG.replace(b"\r\n", b"\n"): "damaged by a transfer as text",
    PNG.replace(b"\n", b"\r\n"): "damaged by a transfer as text",
    PNG.decode("latin-1").encode(): "damaged by a transfer as text",
    PNG.decode(errors="replace").encode(): "damaged by a transfer as text",
    pictures.JPEG.decode("latin-1").encode(): "damaged by a transfer as text",
    pictures.JPEG.decode(errors="replace").encode(): "damaged by a transfer as text",
    XML + b"<rss><channel><title>Cats</title><p>1</p></channel></rss>": "XML",
    b"<rss><channel><title>Cats</title></channel></rss>": "XML",
    XML + b"<!DOCTYPE plist PUBLIC 'x' [<!ENTITY a 'b'>]>\n<plist><a /></plist>": "XML",
    b"<feed><svg /></feed>": "XML",
    "<!DOCTYPE html><html>".encode("utf-16-le"): "web page",
    "\r\n<html>".encode("utf-16-be"): "web page",
    b"<!--" + b" saved" * 2000 + b"-->\n<html>": "web page",
    b"<center>403</center>": "web page",
    b"<?php\nreadfile('cat.jpg');": "PHP",
    b"<?= $picture ?>": "PHP",
    b"%PDF-1.7\n": "PDF",
    b"PK\x03\x04" + bytes(50): "ZIP",
    b"\x1f\x8b\x08" + bytes(50): "gzip",
    b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(300): "video",
    b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
    + bytes(50): "video",
    b"ID3\x03" + bytes(50): "sound",
    b"\0\0\x01\0\x01\0\x10\x10" + bytes(50): "type image/x-icon, which is not supported",
    b"8BPS\0\x01" + bytes(50): "type image/vnd.adobe.photoshop",
    b"\x7fELF" + bytes(50): "not a JPEG",
    b"\xff": "not a JPEG",
    b"\xff\x0a" + bytes(30) + b"\1": "type JPEG XL",
    bytes(100): "zeros",
    b"BMxxxxxxxxxxxx\xff\0\0\0" + bytes(50): "no bitmap",
}


@pytest.mark.parametrize("content", OTHERS)
def test_other_files_are_reported_as_what_they_are(content: bytes) -> None:
    with pytest.raises(UnsupportedImage, match=OTHERS[content]) as refusal:
        inspect(content)

    # A sentence that says what to do.
    assert re.search(r"(Submit|Save|expired).*\.$", refusal.value.detail)


@pytest.mark.parametrize("image_format", pictures.FORMATS)
def test_a_header_that_is_cut_short_is_no_picture(image_format: str) -> None:
    content = pictures.encoded(image_format)[:17]

    with pytest.raises((InvalidImage, UnsupportedImage)):
        inspect(content)


def png(width: int, height: int) -> bytes:
    content = bytearray(pictures.encoded("PNG"))
    content[16:24] = width.to_bytes(4) + height.to_bytes(4)
    return bytes(content)


def test_a_picture_may_have_the_maximal_number_of_pixels_and_no_more() -> None:
    assert inspect(png(MAX_PIXELS // 1000, 1000)).width * 1000 == MAX_PIXELS
    with pytest.raises(TooManyPixels, match=r"more than 50,000,000 pixels \(50,001 by 1,000\)"):
        inspect(png(MAX_PIXELS // 1000 + 1, 1000))


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (0, 0)])
def test_a_picture_has_pixels(width: int, height: int) -> None:
    with pytest.raises(InvalidImage):
        inspect(png(width, height))


@given(st.sampled_from(sorted(pictures.FORMATS)), st.binary(max_size=60), st.integers(0, 60))
def test_a_damaged_header_is_refused_or_read(image_format: str, noise: bytes, place: int) -> None:
    content = bytearray(pictures.encoded(image_format))
    content[place : place + len(noise)] = noise
    try:
        picture = inspect(bytes(content))
    except (InvalidImage, UnsupportedImage):
        return
    assert 0 < picture.width * picture.height <= MAX_PIXELS
