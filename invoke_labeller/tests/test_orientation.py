"""EXIF data tells what browsers and Pillow read in it, as far as it is there."""

import io
import struct
import warnings

import pytest
from PIL import Image

from invoke_labeller import jpeg, webp
from invoke_labeller.orientation import of_exif
from tests.pictures import encoded, photo

ENTRY = struct.pack(">HHLHH", 0x0112, 3, 1, 5, 0)
OTHER = struct.pack(">HHLL", 0x0100, 4, 1, 9)
EMPTY = struct.pack(">HHLHH", 0x0112, 3, 0, 6, 0)


def exif(count: int, *entries: bytes) -> bytes:
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", count) + b"".join(entries)


DATA: dict[str, tuple[bytes, int]] = {
    "one entry": (exif(1, ENTRY), 5),
    "with its heading": (b"Exif\0\0" + exif(1, ENTRY), 5),
    "the first of two": (exif(2, ENTRY, ENTRY[:9] + b"\6\0\0"), 5),
    "more entries than any camera writes, and than there are": (exif(4097, ENTRY), 5),
    "more entries than the directory tells": (exif(1, OTHER, ENTRY), 1),
    "a number of 32 bits": (exif(1, struct.pack(">HHLL", 0x0112, 4, 1, 5)), 5),
    "two numbers": (exif(1, struct.pack(">HHLHH", 0x0112, 3, 2, 5, 6)), 5),
    "three numbers, elsewhere": (
        exif(1, struct.pack(">HHLL", 0x0112, 3, 3, 22)) + b"\0\5\0\6\0\7",
        5,
    ),
    "three numbers beyond the end": (exif(1, struct.pack(">HHLL", 0x0112, 3, 3, 99)), 1),
    "more numbers than there are": (
        exif(2, struct.pack(">HHLL", 0x0112, 3, 99, 8), ENTRY[:9] + b"\6\0\0"),
        6,
    ),
    "an entry without a value before it": (exif(2, EMPTY, ENTRY), 5),
    "a text": (exif(1, struct.pack(">HHL4s", 0x0112, 2, 2, b"5\0\0\0")), 1),
    "an entry cut short": (exif(1, ENTRY[:-1]), 1),
    "no directory": (b"MM\0*\0\0\0\x08", 1),
    "no data": (b"", 1),
}


@pytest.mark.parametrize("kind", DATA)
def test_the_orientation_is_read_as_far_as_it_is_there(kind: str) -> None:
    data, orientation = DATA[kind]

    assert of_exif(data) == orientation


def pillows(content: bytes) -> int:
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content)) as image:
        return int(image.getexif().get(0x0112, 1))


def test_exif_data_goes_on_in_the_next_segment() -> None:
    data, plain = exif(2, OTHER, ENTRY), encoded(photo(), "JPEG")
    segments = b"".join(
        b"\xff\xe1" + struct.pack(">H", 8 + len(part)) + b"Exif\0\0" + part
        for part in (data[:20], data[20:])
    )
    content = plain[:2] + segments + plain[2:]

    assert jpeg.parse(content).orientation == pillows(content) == 5


@pytest.mark.parametrize(("flags", "orientation"), [(0x08, 5), (0, 1)])
def test_a_webp_says_that_it_has_exif_data(flags: int, orientation: int) -> None:
    content = bytearray(encoded(photo(), "WEBP", exif=exif(1, ENTRY)))
    content[20] = flags

    assert webp.parse(bytes(content)).orientation == pillows(bytes(content)) == orientation
