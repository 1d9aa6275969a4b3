"""One rule for all formats: what browsers show is labelled, and less than half is no picture."""

import random
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from invoke_labeller.errors import PermanentError
from invoke_labeller.formats import admit_all
from invoke_labeller.picture import prepare
from tests.picture_corpus import SIGNATURE, chunk
from tests.pictures import encoded
from tests.support import least_seconds
from tests.tiffs import tiff_of_strips

SIZE = WIDTH, HEIGHT = 320, 240
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)]
ADAM7 += [(0, 1, 1, 2)]


def blotches() -> Image.Image:
    """A picture that takes about as many bytes everywhere."""
    colours = random.Random(1).randbytes(WIDTH // 8 * HEIGHT // 8 * 3)  # noqa: S311 - no secret
    small = Image.frombytes("RGB", (WIDTH // 8, HEIGHT // 8), colours)
    return small.resize(SIZE, Image.Resampling.BICUBIC)


def interlaced_png(image: Image.Image) -> bytes:
    """The picture in ever finer grids, which Pillow does not write."""
    rows = b""
    for left, top, across, down in ADAM7:
        for y in range(top, HEIGHT, down):
            row = [image.getpixel((x, y)) for x in range(left, WIDTH, across)]
            rows += b"\0" + b"".join(map(bytes, row))  # type: ignore[arg-type] # three bands
    header = struct.pack(">IIBBBBB", *SIZE, 8, 2, 0, 0, 1)
    pixels = chunk(b"IDAT", zlib.compress(rows))
    return SIGNATURE + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


IMAGE = blotches()
ROW_BY_ROW = {
    "JPEG": encoded(IMAGE, "JPEG", quality=90),
    "JPEG with restarts": encoded(IMAGE, "JPEG", quality=90, restart_marker_rows=1),
    "grey JPEG": encoded(IMAGE.convert("L"), "JPEG"),
    "CMYK JPEG": encoded(IMAGE.convert("CMYK"), "JPEG"),
    "PNG": encoded(IMAGE, "PNG"),
    "palette PNG": encoded(IMAGE.convert("P"), "PNG"),
    "PNG of 16 bits": encoded(IMAGE.convert("I;16"), "PNG"),
    "GIF": encoded(IMAGE, "GIF", interlace=0),
    "WebP": encoded(IMAGE, "WEBP"),
    "lossless WebP": encoded(IMAGE, "WEBP", lossless=True),
    "transparent WebP": encoded(IMAGE.convert("RGBA"), "WEBP"),
    "BMP": encoded(IMAGE, "BMP"),
    "TIFF": encoded(IMAGE, "TIFF"),
}
# What comes first shows all of the picture, if not sharply.
ALL_AT_ONCE = {
    "progressive JPEG": encoded(IMAGE, "JPEG", progressive=True),
    "interlaced PNG": interlaced_png(IMAGE),
    "interlaced GIF": encoded(IMAGE, "GIF", interlace=1),
}
FILES = ROW_BY_ROW | ALL_AT_ONCE


def part(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def height(data: bytes) -> int:
    return Image.open(BytesIO(prepare(data).jpeg)).height


@pytest.mark.parametrize("name", FILES)
def test_a_whole_picture_is_reported_as_whole(name: str) -> None:
    assert not prepare(FILES[name]).incomplete
    assert height(FILES[name]) == HEIGHT


@pytest.mark.parametrize("name", ROW_BY_ROW)
def test_most_of_a_picture_is_labelled_with_a_note(name: str) -> None:
    prepared = prepare(part(ROW_BY_ROW[name], 0.8))

    assert prepared.incomplete
    # What is missing is cut off: the model sees no filling.
    assert 0.7 * HEIGHT < Image.open(BytesIO(prepared.jpeg)).height < 0.9 * HEIGHT


@pytest.mark.parametrize("share", [0.1, 0.3, 0.42])
@pytest.mark.parametrize("name", ROW_BY_ROW)
def test_less_than_half_of_a_picture_has_failed(name: str, share: float) -> None:
    with pytest.raises(PermanentError, match="Less than half of the picture is there"):
        prepare(part(ROW_BY_ROW[name], share))


@pytest.mark.parametrize("share", [0.4, 0.7, 0.95])
@pytest.mark.parametrize("name", ALL_AT_ONCE)
def test_a_picture_of_which_all_is_there_in_coarse_is_labelled(name: str, share: float) -> None:
    assert prepare(part(ALL_AT_ONCE[name], share)).incomplete


@pytest.mark.parametrize("name", ["progressive JPEG", "interlaced PNG"])
def test_a_small_part_of_what_comes_first_has_failed(name: str) -> None:
    with pytest.raises(PermanentError):
        prepare(part(ALL_AT_ONCE[name], 0.02 if name == "progressive JPEG" else 0.008))


@pytest.mark.parametrize("name", ["JPEG", "CMYK JPEG", "PNG", "GIF", "TIFF"])
def test_a_file_without_its_last_bytes_is_whole_where_no_pixel_is_missing(name: str) -> None:
    lacking = {"PNG": 12, "GIF": 1, "TIFF": 0}.get(name, 2)

    prepared = prepare(FILES[name][: len(FILES[name]) - lacking])

    assert prepared.jpeg == prepare(FILES[name]).jpeg
    assert not prepared.incomplete


@pytest.mark.parametrize("end", [b"\xff\xd9", b"\xff\xd9" + bytes(1000), b"\xff\x7a" + bytes(99)])
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_jpeg_that_is_ended_early_is_no_more_than_what_is_there(end: bytes, share: float) -> None:
    ended = part(ROW_BY_ROW["JPEG"], share) + end

    if share > 0.5:
        assert prepare(ended).incomplete
    else:
        with pytest.raises(PermanentError, match="Less than half"):
            prepare(ended)


def summed_wrong(data: bytes, kind: bytes) -> bytes:
    """The PNG with a wrong checksum in the first chunk of a kind."""
    place = data.index(kind) - 4
    end = place + 8 + int.from_bytes(data[place : place + 4])
    return data[:end] + bytes(4) + data[end + 4 :]


TEXT = chunk(b"tEXt", b"Title\0cat")
LABELLED_PNG = ROW_BY_ROW["PNG"][:33] + TEXT + ROW_BY_ROW["PNG"][33:]


@pytest.mark.parametrize("kind", [b"tEXt", b"IDAT", b"IEND"])
def test_a_wrong_checksum_of_what_is_seen_or_unread_is_harmless(kind: bytes) -> None:
    assert prepare(summed_wrong(LABELLED_PNG, kind)) == prepare(ROW_BY_ROW["PNG"])


@pytest.mark.parametrize(("name", "kind"), [("PNG", b"IHDR"), ("palette PNG", b"PLTE")])
def test_a_wrong_checksum_of_what_browsers_rely_on_has_failed(name: str, kind: bytes) -> None:
    with pytest.raises(PermanentError, match="its header or its palette is damaged"):
        prepare(summed_wrong(ROW_BY_ROW[name], kind))


def test_pixels_that_are_damaged_late_are_cut_off() -> None:
    data = bytearray(ROW_BY_ROW["PNG"])
    place = int(len(data) * 0.8)
    data[place : place + 40] = bytes(40)

    assert prepare(bytes(data)).incomplete


VIDEO = random.Random(2).randbytes(500_000) + b"\xff\xda" * 5000  # noqa: S311 - no secret


@pytest.mark.parametrize("name", FILES)
def test_a_video_after_a_picture_is_ignored(name: str) -> None:
    assert prepare(FILES[name] + VIDEO) == prepare(FILES[name])


def test_a_jpeg_with_several_pictures_is_the_first() -> None:
    several = encoded(IMAGE, "MPO", save_all=True, append_images=[Image.new("RGB", SIZE)])

    image = Image.open(BytesIO(prepare(several).jpeg))

    assert image.size == SIZE
    assert len(image.getcolors(2**20) or []) > 1000


def ended_png(image: Image.Image, share: float, *, interlaced: bool = False) -> bytes:
    """A PNG whose pixels end properly, but too early."""
    if interlaced:
        whole = interlaced_png(image)
        place = whole.index(b"IDAT")
        rows = zlib.decompress(whole[place + 4 :])
    else:
        width, data = image.width * 3, image.tobytes()
        rows = b"".join(b"\0" + data[row * width :][:width] for row in range(image.height))
    header = struct.pack(">IIBBBBB", *image.size, 8, 2, 0, 0, int(interlaced))
    pixels = chunk(b"IDAT", zlib.compress(part(rows, share)))
    return SIGNATURE + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("share", [0, 0.02, 0.2, 0.49])
def test_pixels_that_end_before_half_of_the_picture_have_failed(share: float) -> None:
    with pytest.raises(PermanentError, match="Less than half"):
        prepare(ended_png(IMAGE, share))


@pytest.mark.parametrize("share", [0.6, 0.9, 0.995])
def test_pixels_that_end_early_are_labelled_with_a_note(share: float) -> None:
    prepared = prepare(ended_png(IMAGE, share))

    assert prepared.incomplete
    found = Image.open(BytesIO(prepared.jpeg)).height
    assert found == pytest.approx(share * HEIGHT, abs=1)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_interlaced_pixels_that_end_early_are_labelled_with_a_note(share: float) -> None:
    assert prepare(ended_png(IMAGE, share, interlaced=True)).incomplete


def test_a_picture_that_is_black_at_its_end_is_whole() -> None:
    image = IMAGE.copy()
    image.paste((0, 0, 0), (0, HEIGHT // 4, WIDTH, HEIGHT))

    assert not prepare(encoded(image, "PNG")).incomplete
    assert not prepare(interlaced_png(image)).incomplete


def strips(count: int, there: Callable[[int], bool]) -> list[bool]:
    return [there(number) for number in range(count)]


@pytest.mark.parametrize(
    "written",
    [strips(9, lambda _: True), strips(20, lambda n: n < 9), strips(20, lambda n: n % 3 == 0)],
    ids=["too few", "not written below", "written here and there"],
)
def test_strips_that_are_not_there_are_missing(written: list[bool]) -> None:
    with pytest.raises(PermanentError, match="Less than half"):
        prepare(tiff_of_strips(200, 10, written))


@pytest.mark.parametrize(
    "written", [strips(15, lambda _: True), strips(20, lambda n: n < 15)], ids=["too few", "sparse"]
)
def test_most_of_the_strips_are_labelled_with_a_note(written: list[bool]) -> None:
    prepared = prepare(tiff_of_strips(200, 10, written))

    assert prepared.incomplete
    assert Image.open(BytesIO(prepared.jpeg)).height == 150


def test_all_of_the_strips_are_a_whole_picture() -> None:
    assert not prepare(tiff_of_strips(195, 10, [True] * 20)).incomplete


def test_a_damaged_picture_of_many_rows_costs_little_more_than_one_of_few() -> None:
    """Rows are compared with each other; each of them must not cost an operation of its own."""

    def seconds(size: tuple[int, int]) -> float:
        data = encoded(Image.effect_noise(size, 90), "PNG")
        most = data[: len(data) * 9 // 10]
        assert prepare(most, admit_all).incomplete
        return least_seconds(lambda: prepare(most, admit_all), 5)

    assert seconds((8, 1000)) < 5 * seconds((1000, 8))
