"""Files with implausible parts are refused before they are decoded."""

import random
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from invoke_labeller.errors import PermanentError
from invoke_labeller.picture import prepare
from tests.picture_corpus import GIF_DATA, MEGABYTE, TINY_WEBP, chunk, gif
from tests.pictures import encoded, jpeg_of_scans, photo
from tests.support import least_seconds
from tests.tiffs import tiff_of_one_value_many_times, tiff_of_places

JPEG = encoded(photo(), "JPEG")
PNG = encoded(photo(), "PNG")
START, REST = JPEG[:2], JPEG[2:]
PNG_START, PNG_REST = PNG[:33], PNG[33:]
GIF_START = b"GIF89a\1\0\1\0\0\0\0"
EXIF = b"\xff\xe1\0\x10Exif\0\0" + bytes(8)
TABLE = JPEG[JPEG.index(b"\xff\xdb") :][:69]


def webp_of_chunks(count: int) -> bytes:
    body = TINY_WEBP[12:] + b"ABCD\0\0\0\0" * count
    return b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body


# All of nearly ten megabytes. Before, the first took 120 seconds.
TOO_MANY: dict[str, Callable[[], bytes]] = {
    "JPEG of Exif segments": lambda: START + EXIF * 520_000 + REST,
    "JPEG of empty segments": lambda: START + b"\xff\xe1\0\2" * 2_400_000 + REST,
    "JPEG of MPF segments": lambda: START + b"\xff\xe2\0\x10MPF\0" * 900_000 + REST,
    "JPEG of profiles": lambda: START + b"\xff\xe2\0\x10ICC_PROFILE\0\1\1" * 500_000 + REST,
    "JPEG of comments": lambda: START + b"\xff\xfe\0\2" * 2_400_000 + REST,
    "JPEG of tables": lambda: START + TABLE * 130_000 + REST,
    "JPEG of tables behind its picture": lambda: JPEG[:-2] + b"\xff\xc4\0\2" * 2_400_000,
    "JPEG of scans": lambda: jpeg_of_scans(20_000),
    "TIFF of strips": lambda: tiff_of_places(2_400_000),
    "TIFF of tiles": lambda: tiff_of_places(2_400_000, tiles=True),
    "TIFF that says the same often": lambda: tiff_of_one_value_many_times(60_000, 9 * MEGABYTE),
    "PNG of texts": lambda: PNG_START + chunk(b"tEXt", b"a\0b") * 650_000 + PNG_REST,
    "PNG of empty pixels": lambda: PNG_START + chunk(b"IDAT", b"") * 800_000 + PNG_REST,
    "PNG of frames": lambda: PNG[:-12] + chunk(b"fdAT", b"") * 800_000 + PNG[-12:],
    "GIF of comments": lambda: GIF_START + b"!\xfe\0" * 3_300_000,
    "GIF of a comment in bytes": lambda: GIF_START + b"!\xfe" + b"\1a" * 5_000_000,
    "GIF of nothing": lambda: GIF_START + b"\0" * 10_000_000,
    "WebP of chunks": lambda: webp_of_chunks(1_200_000),
}
# What is strange but does no harm.
MANY: dict[str, Callable[[], bytes]] = {
    "JPEG of some segments": lambda: START + EXIF * 500 + REST,
    "JPEG of filling": lambda: START + b"\xff" * 9_000_000 + REST,
    "PNG of small pieces": lambda: PNG_START + chunk(b"tEXt", b"a\0b") * 10_000 + PNG_REST,
    "GIF of small pieces": lambda: gif((9, 9), (0, 0, 9, 9), GIF_DATA[:1] + b"\1\0" * 4_000_000),
    "TIFF of some double values": lambda: tiff_of_one_value_many_times(4_000, 9 * MEGABYTE),
}


@pytest.fixture(scope="module")
def ordinary() -> float:
    """The processor time of an ordinary picture that has as many bytes, one of the costliest."""
    noise = Image.effect_noise((3200, 2400), 90)
    data = encoded(noise.convert("RGB"), "JPEG", quality=97, progressive=True)
    return least_seconds(lambda: prepare(data))


@pytest.mark.parametrize("name", TOO_MANY)
def test_a_file_of_too_many_parts_costs_less_than_an_ordinary_one(
    name: str, ordinary: float
) -> None:
    data = TOO_MANY[name]()

    def refused() -> None:
        with pytest.raises(
            PermanentError, match=r"The picture cannot be decoded: it.* (has|lie|no)"
        ):
            prepare(data)

    assert least_seconds(refused) < ordinary


@pytest.mark.parametrize("name", MANY)
def test_a_file_of_many_parts_costs_less_than_an_ordinary_one(name: str, ordinary: float) -> None:
    data = MANY[name]()

    def ended() -> None:
        try:
            prepare(data)
        except PermanentError as error:
            assert str(error).endswith(".")  # noqa: PT017 - either way is right

    assert least_seconds(ended) < ordinary


def test_a_picture_with_plenty_of_metadata_is_labelled() -> None:
    segments = b"".join(
        b"\xff\xe1" + (65_535).to_bytes(2) + b"http://ns.adobe.com/xmp/extension/\0".ljust(65_533)
        for _ in range(150)
    )

    assert prepare(START + segments + REST) == prepare(JPEG)


@pytest.mark.parametrize("length", [0, 1, 3, 7, 300])
def test_a_transparency_of_a_wrong_length_is_ignored(length: int) -> None:
    data = PNG_START + chunk(b"tRNS", bytes(length)) + PNG_REST

    assert prepare(data) == prepare(PNG)


@pytest.mark.parametrize("size", [1_200_000, 2_700_000])
def test_a_profile_that_is_too_large_is_ignored(size: int) -> None:
    profile = random.Random(1).randbytes(1000) + bytes(size)  # noqa: S311 - no secret
    packed = chunk(b"iCCP", b"x\0\0" + zlib.compress(profile))

    assert prepare(PNG_START + packed + PNG_REST) == prepare(PNG)
    assert prepare(encoded(photo(), "TIFF", icc_profile=profile)) == prepare(
        encoded(photo(), "TIFF")
    )
