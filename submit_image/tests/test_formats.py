"""The walks read what decoders read, and refuse what is made to keep them busy."""

import io
import warnings

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from submit_image.formats import WALKS
from submit_image.formats.limits import MAX_PIXELS
from submit_image.pictures import inspect
from submit_image.problems import InvalidImage, UnsupportedImage
from tests.support.costs import least_seconds
from tests.support.variants import GOOD, HOSTILE, Maker


def decoders_size(content: bytes) -> tuple[int, int]:
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content)) as image:
        width, height = image.size
        # Pillow's plugins for TIFF and HEIC have turned the picture already.
        lies = image.format not in ("TIFF", "HEIF") and image.getexif().get(0x0112, 1) in range(
            5, 9
        )
        return (height, width) if lies else (width, height)


@pytest.mark.parametrize("variant", GOOD)
def test_the_size_is_that_which_the_decoder_finds(variant: str) -> None:
    content = GOOD[variant]()

    picture = inspect(content)

    assert (picture.width, picture.height) == decoders_size(content)


def test_every_format_has_variants() -> None:
    assert {inspect(make()).content_type for make in GOOD.values()} == set(WALKS)


@pytest.fixture(scope="module")
def ten_megabytes() -> bytes:
    """An ordinary picture of as many bytes as are accepted."""
    file = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ImageFile, "MAXBLOCK", 2**25)
        noise = Image.effect_noise((3200, 2400), 100)
        noise.save(file, "JPEG", quality=97, progressive=True)
    return file.getvalue() + bytes(10_000_000 - len(file.getvalue()))


@pytest.fixture(scope="module")
def decoding(ten_megabytes: bytes) -> float:
    """The processor time that decoding it takes."""

    def decode() -> None:
        with Image.open(io.BytesIO(ten_megabytes)) as image:
            image.load()

    return least_seconds(decode)


@pytest.mark.parametrize("variant", HOSTILE)
def test_an_implausible_file_is_refused_in_time_with_an_explanation(
    variant: str, decoding: float
) -> None:
    make, words = HOSTILE[variant]
    content = make()

    def refused() -> None:
        with pytest.raises(InvalidImage, match=words):
            inspect(content)

    assert least_seconds(refused) < 3 * decoding


def test_a_place_beyond_every_file_is_damage() -> None:
    content = bytearray(GOOD["BigTIFF"]())
    content[8:16] = b"\x80" * 8

    with pytest.raises(InvalidImage):
        inspect(bytes(content))


# libheif fixes a HEIC's crop in ways of its own.
MADE = {name: make() for name, make in GOOD.items() if "HEI" not in name}
FUZZED = [name for name, content in MADE.items() if len(content) < 5_000]


# Damage is as likely in the first bytes, where the headers are, as in all others.
PLACES = st.integers(0, 400) | st.integers(0, 5_000)


@settings(max_examples=10 * settings().max_examples)
@given(
    st.sampled_from(FUZZED),
    st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=3),
    st.none() | st.integers(1, 5_000),
)
@example("JPEG turned 5", [(38, 16)], None)
@example("JPEG turned 6", [(46, 128)], None)
@example("TIFF turned 5", [(86, 2)], None)
@example("TIFF turned 5", [(88, 16)], None)
@example("TIFF turned 6", [(89, 3)], 1168)
@example("TIFF I;16 None", [(14, 3)], None)
@example("WEBP turned 5", [(94, 230)], None)
@example("WEBP turned 6", [(20, 16)], None)
def test_no_damage_makes_the_walk_and_the_decoder_disagree(
    variant: str, damage: list[tuple[int, int]], length: int | None
) -> None:
    content = bytearray(MADE[variant])
    for place, value in damage:
        content[place % len(content)] = value
    content = content[:length]
    try:
        picture = inspect(bytes(content))
    except (InvalidImage, UnsupportedImage):
        return
    assert 0 < picture.width * picture.height <= MAX_PIXELS
    try:
        size = decoders_size(bytes(content))
    except Exception:  # noqa: BLE001 - what the decoder refuses need not agree
        return
    assert (picture.width, picture.height) == size


REFUSED: dict[str, tuple[Maker, str]] = {
    "JPEG without a scan": (lambda: b"\xff\xd8\xff\xd9", "damaged"),
    "JPEG whose height comes later": (
        lambda: GOOD["JPEG RGB"]().replace(b"\x08\x00\x1e\x00\x28", b"\x08\x00\x00\x00\x28"),
        "damaged",
    ),
    "PNG of iPhone apps": (
        lambda: GOOD["PNG RGB"]()[:8] + b"\0\0\0\4CgBI" + bytes(8) + GOOD["PNG RGB"]()[8:],
        "damaged",
    ),
    "GIF without an image": (lambda: GOOD["GIF P"]()[:13] + b";", "damaged"),
    "BMP of no known header": (lambda: GOOD["BMP RGB"]()[:14] + bytes(60), "header of 0 bytes"),
    "BMP of negative width": (
        lambda: GOOD["BMP RGB"]()[:18] + b"\xff\xff\xff\xff" + GOOD["BMP RGB"]()[22:],
        "damaged",
    ),
    "BigTIFF that Pillow does not know": (
        lambda: b"MM\0+\0\x08\0\0" + bytes(50),
        "big-endian order, which is not supported",
    ),
    "TIFF without a size": (lambda: b"II*\0\x08\0\0\0" + bytes(50), "damaged"),
    "AVIF without a picture": (lambda: GOOD["AVIF"]()[:32] + bytes(50), "damaged"),
    "HEIC without its properties": (
        lambda: GOOD["HEIC"]().replace(b"iprp", b"free"),
        "damaged",
    ),
    "HEIC that cuts a small picture out of a large one": (
        lambda: GOOD["HEIC"]().replace(
            b"ispe" + bytes(4) + b"\0\0\0\x40\0\0\0\x40", b"ispe" + bytes(4) + b"\0\1\0\0\0\1\0\0"
        ),
        r"50,000,000 pixels \(65,536 by 65,536\)",
    ),
}


@pytest.mark.parametrize("variant", REFUSED)
def test_what_cannot_be_decoded_is_refused_with_an_explanation(variant: str) -> None:
    make, words = REFUSED[variant]

    with pytest.raises((InvalidImage, UnsupportedImage), match=words):
        inspect(make())


def test_an_ordinary_picture_of_ten_megabytes_takes_a_fraction_of_its_decoding(
    ten_megabytes: bytes, decoding: float
) -> None:
    assert least_seconds(lambda: inspect(ten_megabytes)) < decoding / 10
