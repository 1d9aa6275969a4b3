import random
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from invoke_labeller.errors import PermanentError
from invoke_labeller.jpeg import MAX_SCANS
from invoke_labeller.picture import prepare
from tests.pictures import encoded, heic, jpeg_of_scans, photo, png_claiming
from tests.support import ROOT

SIX_MEGABYTES = 6 * 1024 * 1024
RED, BLUE, WHITE = (220, 30, 20), (20, 40, 200), (255, 255, 255)
GOOD = {
    "JPEG": encoded(photo(), "JPEG"),
    "progressive JPEG": encoded(photo(), "JPEG", progressive=True),
    "CMYK JPEG": encoded(photo(mode="CMYK"), "JPEG", quality=95),
    "PNG": encoded(photo(), "PNG"),
    "palette PNG": encoded(photo(mode="P"), "PNG"),
    "GIF": encoded(photo(), "GIF"),
    "WebP": encoded(photo(), "WEBP"),
    "BMP": encoded(photo(), "BMP"),
    "TIFF": encoded(photo(), "TIFF"),
    "CMYK TIFF": encoded(photo(mode="CMYK"), "TIFF"),
    "LZW TIFF": encoded(photo(), "TIFF", compression="tiff_lzw"),
    "AVIF": encoded(photo(), "AVIF"),
    "HEIC": heic(photo()),
}


def small(data: bytes) -> Image.Image:
    """What the model is sent, decoded again."""
    jpeg = prepare(data).jpeg
    assert len(jpeg) < SIX_MEGABYTES
    image = Image.open(BytesIO(jpeg))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


def assert_colour(image: Image.Image, place: tuple[int, int], expected: tuple[int, ...]) -> None:
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    assert all(abs(a - b) < 40 for a, b in zip(found, expected, strict=True)), (found, expected)


@pytest.mark.parametrize("name", GOOD)
def test_every_accepted_format_becomes_an_rgb_jpeg_of_the_same_content(name: str) -> None:
    image = small(GOOD[name])

    assert image.size == (640, 480)
    assert_colour(image, (100, 100), RED)
    assert_colour(image, (400, 300), BLUE)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), (469, 352)),
        ((3000, 4000), (352, 469)),
        ((640, 513), (439, 352)),
        ((640, 512), (640, 512)),
        ((300, 400), (300, 400)),
        ((20_000, 1000), (2048, 102)),
        ((10_000, 1), (2048, 1)),
        ((1, 1), (1, 1)),
    ],
)
def test_a_picture_is_scaled_down_to_what_a_model_uses_and_never_up(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert small(encoded(photo(*size), "PNG")).size == expected


def test_a_jpeg_keeps_its_size_whichever_scale_it_is_decoded_at() -> None:
    assert small(encoded(photo(4000, 3000), "JPEG")).size == (500, 375)
    assert small(encoded(photo(4104, 4104), "JPEG")).size == (352, 352)


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_is_turned_upright(format_name: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the first row is the right side

    image = small(encoded(photo(), format_name, exif=exif))

    assert image.size == (480, 640)
    assert_colour(image, (300, 100), RED)
    assert_colour(image, (100, 100), BLUE)


@pytest.mark.parametrize("exif", [b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM", b"nonsense"])
def test_damaged_exif_does_not_cost_the_picture_its_label(exif: bytes) -> None:
    assert small(encoded(photo(), "JPEG", exif=exif)).size == (640, 480)


@pytest.mark.parametrize(
    ("format_name", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA")]
)
def test_transparency_becomes_white(format_name: str, mode: str) -> None:
    image = Image.new(mode, (300, 300))
    image.putpixel((0, 0), (9, 255) if mode == "LA" else (9, 9, 9, 255))

    assert_colour(small(encoded(image, format_name, lossless=True)), (150, 150), WHITE)


def test_a_transparent_palette_becomes_white() -> None:
    image = Image.new("P", (300, 300), 3)
    image.putpalette([9] * 768)
    image.putpixel((0, 0), 4)

    assert_colour(small(encoded(image, "PNG", transparency=3)), (150, 150), WHITE)


@pytest.mark.parametrize("format_name", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_counts(format_name: str) -> None:
    frames = [Image.new("RGB", (200, 200), colour) for colour in (RED, BLUE, WHITE)]

    animation = encoded(frames[0], format_name, save_all=True, append_images=frames[1:])

    assert_colour(small(animation), (100, 100), RED)


@pytest.mark.parametrize(
    ("mode", "format_name"), [("I;16", "PNG"), ("I;16", "TIFF"), ("I;16B", "TIFF")]
)
@pytest.mark.parametrize("size", [(300, 300), (5000, 5000)])
def test_sixteen_bits_of_grey_keep_their_brightness(
    mode: str, format_name: str, size: tuple[int, int]
) -> None:
    image = Image.new(mode, size, 0x8000)

    small_image = small(encoded(image, format_name))

    assert_colour(small_image, (small_image.width // 2, small_image.height // 2), (128,) * 3)


@pytest.mark.parametrize("mode", ["I", "F"])
def test_pixels_without_a_fixed_range_are_stretched_over_theirs(mode: str) -> None:
    image = Image.new(mode, (400, 400), 1000)
    image.paste(900_000, (0, 0, 200, 400))

    small_image = small(encoded(image, "TIFF"))

    assert_colour(small_image, (50, 200), WHITE)
    assert_colour(small_image, (350, 200), (0, 0, 0))


def test_a_black_and_white_picture_is_averaged_not_sampled() -> None:
    stripes = Image.new("1", (2048, 2048))
    for column in range(0, 2048, 2):
        stripes.paste(1, (column, 0, column + 1, 2048))

    assert_colour(small(encoded(stripes, "PNG")), (256, 256), (128,) * 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xd9",
        b"II*\0\x08\0\0\0\0\0",
        b"BM" + b"\xff" * 60,
        b"RIFF\x10\0\0\0WEBPVP8 ",
    ],
)
def test_what_is_no_picture_is_a_permanent_failure(data: bytes) -> None:
    with pytest.raises(PermanentError, match="The picture cannot be decoded: it"):
        prepare(data)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WebP", "BMP", "LZW TIFF"])
def test_a_third_of_a_file_is_a_permanent_failure(name: str) -> None:
    with pytest.raises(PermanentError, match=r"cannot be decoded|Less than half"):
        prepare(GOOD[name][: len(GOOD[name]) // 3])


@pytest.mark.parametrize("format_name", ["PPM", "ICO", "PCX", "TGA"])
def test_a_format_that_submit_image_does_not_accept_is_not_decoded(format_name: str) -> None:
    with pytest.raises(PermanentError):
        prepare(encoded(photo(64, 64), format_name))


@pytest.mark.parametrize("size", [(8000, 6251), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(PermanentError, match=r"at most 50 million are labelled"):
        prepare(png_claiming(*size))


def test_a_jpeg_of_many_scans_is_refused_unread() -> None:
    assert small(jpeg_of_scans(MAX_SCANS)).size == (640, 480)
    with pytest.raises(PermanentError):
        prepare(jpeg_of_scans(MAX_SCANS + 1))


def test_a_picture_with_something_else_behind_it_is_the_picture() -> None:
    polyglot = GOOD["JPEG"] + b"PK\x03\x04<script>alert(1)</script>"

    assert b"script" not in prepare(polyglot).jpeg


def test_nothing_of_the_metadata_reaches_the_model() -> None:
    exif = Image.Exif()
    exif[0x010E] = "47.6205, -122.3493"

    assert b"47.6205" not in prepare(encoded(photo(), "JPEG", exif=exif, comment=b"47.6205")).jpeg


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(GOOD)),
    seed=st.integers(0, 2**32),
    flips=st.integers(1, 40),
    cut=st.floats(0.1, 1),
)
def test_a_damaged_file_gives_a_jpeg_or_a_permanent_failure(
    name: str, seed: int, flips: int, cut: float
) -> None:
    generator = random.Random(seed)  # noqa: S311 - not for a secret
    data = bytearray(GOOD[name])
    for _ in range(flips):
        data[generator.randrange(len(data))] = generator.randrange(256)

    try:
        small(bytes(data[: int(len(data) * cut)]))
    except PermanentError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either way is right


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak from Linux")
@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGBA", {"format": "PNG", "compress_level": 1}),
        ("CMYK", {"format": "JPEG", "progressive": True}),
    ],
)
def test_fifty_million_pixels_fit_the_functions_memory(
    tmp_path: Path, mode: str, options: dict[str, object]
) -> None:
    path = tmp_path / "large"
    Image.new(mode, (8000, 6250), (9, 9, 9, 99)).save(path, **options)  # type: ignore[arg-type] # the table's
    program = (
        "import pathlib, sys; from invoke_labeller.picture import prepare;"
        "prepare(pathlib.Path(sys.argv[1]).read_bytes());"
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )

    peak = subprocess.run(
        [sys.executable, "-c", program, path],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT / "src",
    )

    assert int(peak.stdout) < 900 * 1024
