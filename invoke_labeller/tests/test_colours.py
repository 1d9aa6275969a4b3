"""A picture's colours are those that its profile says."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from invoke_labeller.picture import prepare
from tests.pictures import encoded

# Adobe RGB (1998): https://www.adobe.com/digitalimag/pdfs/AdobeRGB1998.pdf, its primaries in the
# ICC's space, and its gamma as a number of 8.8 bits.
ADOBE_RGB = (
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
)
GAMMA = 0x0233
# What colours of it are in sRGB, by the matrices of both standards (and not by our library).
COLOURS = {
    (180, 100, 60): (203, 100, 55),
    (60, 160, 200): (0, 161, 203),
    (255, 255, 255): (255, 255, 255),
    (90, 200, 90): (0, 201, 80),
    (220, 220, 40): (221, 221, 0),
}


def numbers(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65_536)) for value in values)


def profile(space: bytes = b"RGB ") -> bytes:
    """A profile as https://www.color.org/specification/ICC.1-2001-04.pdf has it, of version 2.1."""
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"Wide\0" + bytes(78)
    tags = {
        b"desc": text,
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + numbers(0.9505, 1.0, 1.0891),
    }
    for name, primary in zip((b"r", b"g", b"b"), ADOBE_RGB, strict=True):
        tags[name + b"XYZ"] = b"XYZ " + bytes(4) + numbers(*primary)
        tags[name + b"TRC"] = b"curv" + bytes(4) + struct.pack(">IH", 1, GAMMA) + bytes(2)
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", place + len(body), len(content))
        body += padded
    header = struct.pack(
        ">I4sI4s4s4s", place + len(body), bytes(4), 0x02100000, b"mntr", space, b"XYZ "
    )
    header += bytes(12) + b"acsp" + bytes(28) + numbers(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def colour(data: bytes) -> tuple[int, ...]:
    image = Image.open(BytesIO(prepare(data).jpeg))
    found = image.getpixel((32, 32))
    assert isinstance(found, tuple)
    return found


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 4


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("given", COLOURS)
def test_a_wide_colour_is_translated(format_name: str, given: tuple[int, int, int]) -> None:
    image = Image.new("RGB", (64, 64), given)

    assert near(colour(encoded(image, format_name, icc_profile=profile())), COLOURS[given])
    assert near(colour(encoded(image, format_name)), given), "without a profile it is sRGB"


@pytest.mark.parametrize(
    "damaged",
    [profile()[:200], profile()[:-40], b"\0" * 500, profile(b"GRAY"), profile(b"CMYK")],
    ids=["cut off", "cut off at its end", "zeros", "of another space", "of CMYK"],
)
def test_a_profile_that_cannot_be_used_is_ignored(damaged: bytes) -> None:
    image = Image.new("RGB", (64, 64), (180, 100, 60))

    assert near(colour(encoded(image, "JPEG", icc_profile=damaged)), (180, 100, 60))
