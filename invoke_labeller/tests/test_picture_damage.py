"""Files that end early, or that are two things at once."""

import random
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from invoke_labeller.decoder import Decoder
from invoke_labeller.errors import PermanentError
from invoke_labeller.picture import prepare
from tests.pictures import encoded, photo

SMALL = photo(48, 36)
FRAMES = {"save_all": True, "append_images": [photo(48, 36, "L").convert("RGB")]}
FILES = {
    "JPEG": encoded(SMALL, "JPEG"),
    "progressive JPEG": encoded(SMALL, "JPEG", progressive=True),
    "JPEG with EXIF": encoded(SMALL, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"),
    "PNG": encoded(SMALL, "PNG"),
    "palette PNG": encoded(SMALL.convert("P"), "PNG", transparency=1),
    "animated PNG": encoded(SMALL, "PNG", **FRAMES),
    "GIF": encoded(SMALL, "GIF"),
    "animated GIF": encoded(SMALL, "GIF", **FRAMES),
    "WebP": encoded(SMALL, "WEBP"),
    "lossless WebP": encoded(SMALL.convert("RGBA"), "WEBP", lossless=True),
    "animated WebP": encoded(SMALL, "WEBP", **FRAMES),
    "BMP": encoded(SMALL, "BMP"),
    "palette BMP": encoded(SMALL.convert("P"), "BMP"),
    "TIFF": encoded(SMALL, "TIFF"),
    "LZW TIFF": encoded(SMALL, "TIFF", compression="tiff_lzw"),
    "JPEG TIFF": encoded(SMALL, "TIFF", compression="jpeg"),
    "deflated TIFF": encoded(SMALL, "TIFF", compression="tiff_adobe_deflate"),
}
MARKS = (b"IHDR", b"IDAT", b"IEND", b"PLTE", b"acTL", b"fdAT", b"VP8", b"ANMF", b"\xff", b",", b"!")


def offsets(data: bytes) -> list[int]:
    """Where a file may end: in its header, around each mark of its format, here and there."""
    marks = [place for mark in MARKS for place in places(data, mark)]
    around = {place + near for place in marks for near in (0, 1, 8)}
    spread = range(0, len(data), max(1, len(data) // 30))
    ends = {*range(0, 160, 3), *spread, *range(len(data) - 16, len(data))}
    return sorted(place for place in around | ends if 0 <= place < len(data))


def places(data: bytes, mark: bytes) -> list[int]:
    found, start = [], data.find(mark)
    while start >= 0:
        found.append(start)
        start = data.find(mark, start + 1)
    return found[:20]


def is_labelled(data: bytes) -> bool:
    try:
        jpeg = prepare(data).jpeg
    except PermanentError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either way is right
        return False
    assert Image.open(BytesIO(jpeg)).mode == "RGB"
    return True


@pytest.mark.parametrize("name", FILES)
def test_wherever_a_file_ends_it_is_labelled_or_has_failed(name: str) -> None:
    data = FILES[name]

    labelled = [place for place in offsets(data) if is_labelled(data[:place])]

    assert is_labelled(data)
    # Without its header nothing is a picture; what is labelled lacks no more than an end.
    assert all(place > 24 for place in labelled)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_ends_in_its_first_half_has_failed(name: str) -> None:
    # The first scan of a progressive picture shows all of it.
    if "animated" not in name and "progressive" not in name:
        assert not is_labelled(FILES[name][: len(FILES[name]) * 2 // 5])


def archive() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("index.html", "<script>alert(1)</script>")
    return file.getvalue()


SCRIPT = b"<script>alert(1)</script>"
PHP = b"<?php system($_GET[0]); ?>"
BEHIND = {
    "an archive": archive(),
    "a page": b"<html>" + SCRIPT,
    "a document": b"%PDF-1.7\n1 0 obj\n<</JS (app.alert(1))>>\nendobj",
    "another picture": encoded(photo(2000, 2000), "PNG"),
    "a program": b"\x7fELF" + bytes(100),
    "a filling": b"\xa5" * 100_000,
    "zeros": bytes(1_000_000),
    "a video": b"\0\0\0\x18ftypmp42" + random.Random(1).randbytes(1_000_000),  # noqa: S311 - no secret
}


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


@pytest.mark.parametrize("what", BEHIND)
@pytest.mark.parametrize("name", FILES)
def test_what_follows_a_picture_reaches_nobody(decoder: Decoder, name: str, what: str) -> None:
    """Nor does it cost more than the picture's own limits of time and memory."""
    prepared = decoder.prepare(FILES[name] + BEHIND[what], time.monotonic() + 30)

    assert prepared == prepare(FILES[name])


def test_a_part_that_is_cut_off_costs_no_more_than_is_there(decoder: Decoder) -> None:
    webp = FILES["WebP"]
    cut_off = b"EXIF\xf0\xff\xff\xffExif"

    prepared = decoder.prepare(
        webp[:4] + b"\xf0\xff\xff\xff" + webp[8:] + cut_off, time.monotonic() + 30
    )

    assert prepared == prepare(webp)


@pytest.mark.parametrize("what", BEHIND)
def test_what_comes_before_a_picture_hides_it(what: str) -> None:
    if what != "another picture":
        assert not is_labelled(BEHIND[what] + FILES["JPEG"])


@pytest.mark.parametrize(
    "data",
    [
        encoded(SMALL, "JPEG", comment=PHP + SCRIPT),
        encoded(SMALL, "GIF", comment=PHP + SCRIPT),
        encoded(SMALL, "JPEG", icc_profile=PHP + SCRIPT),
        encoded(SMALL, "PNG", icc_profile=PHP + SCRIPT),
        encoded(SMALL, "WEBP", xmp=PHP + SCRIPT),
        encoded(SMALL, "TIFF", description=(PHP + SCRIPT).decode()),
    ],
    ids=["JPEG comment", "GIF comment", "JPEG profile", "PNG profile", "WebP XMP", "TIFF text"],
)
def test_what_hides_inside_a_picture_reaches_nobody(data: bytes) -> None:
    jpeg = prepare(data).jpeg

    assert b"script" not in jpeg
    assert b"php" not in jpeg


@pytest.mark.parametrize(
    "data",
    [
        FILES["PNG"][:8] + FILES["JPEG"],
        FILES["JPEG"][:2] + FILES["PNG"],
        b"GIF89a" + FILES["BMP"],
        b"RIFF\xff\xff\xff\xffWEBP" + FILES["JPEG"],
        b"GIF89a/*" + SCRIPT + b"*/=1;",
        b"BM" + SCRIPT * 10,
        b"II*\0" + archive(),
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        b"push graphic-context\nfill 'url(https://127.0.0.1/x.jpg\"|ls\"-la)'\n",
        encoded(SMALL, "ICO"),
        encoded(SMALL, "PPM"),
        encoded(SMALL, "JPEG2000"),
        encoded(SMALL, "PDF"),
    ],
)
def test_a_file_that_only_begins_like_a_picture_has_failed(data: bytes) -> None:
    assert not is_labelled(data)


MODES = {
    "JPEG": ("1", "L", "RGB", "RGBX", "CMYK", "YCbCr"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "GIF": ("1", "L", "LA", "P", "RGB", "RGBA"),
    "WEBP": ("L", "LA", "P", "RGB", "RGBA", "RGBX", "CMYK"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "TIFF": ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "I", "F"),
}


@pytest.mark.parametrize(
    ("format_name", "mode"), [(name, mode) for name, modes in MODES.items() for mode in modes]
)
def test_every_mode_that_a_format_has_is_labelled(format_name: str, mode: str) -> None:
    image = Image.new(mode, (30, 20), 0)
    if image.has_transparency_data:
        image.putalpha(255)

    assert is_labelled(encoded(image, format_name))
