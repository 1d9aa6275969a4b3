"""The sizes of AV1 frames are read where the specification puts them, whatever comes before."""

import io

import pytest
from PIL import Image

from submit_image.formats.av1 import frames

ALL_REFERENCES_NEW = "0" * 7


def obu(kind: int, bits: str) -> bytes:
    body = bits.replace(" ", "")
    data = int(body.ljust(-(-len(body) // 8) * 8, "0"), 2).to_bytes(-(-len(body) // 8))
    return bytes([kind << 3 | 2, len(data)]) + data


def number(value: int, length: int) -> str:
    return f"{value:0{length}b}"


def sequence(
    *, timing: str = "0", points: str = "00000 000000000000 00000", ids: str = "0"
) -> bytes:
    """A sequence header of pictures up to 64 by 48 pixels, whose frames may say 16 bits each."""
    size = number(15, 4) * 2 + number(63, 16) + number(47, 16)
    # Whole vectors and screen tools are up to each frame; order hints have seven bits.
    tools = "000" + "0000 1 00 1 1 110"
    return obu(1, "000 0 0" + timing + "0" + points + size + ids + tools)


REDUCED = obu(1, "000 1 1 00000" + number(5, 4) * 2 + number(63, 6) + number(47, 6) + "000")
OWN = number(6999, 16) + number(4999, 16)
# From show_existing_frame on: a key frame that is shown, and frames of the other kinds.
KEY = "0 00 1 0 1 0"
TIMING = "1" + number(1, 32) * 2 + "0" + "1" + number(9, 5) + number(1, 32) + number(4, 5) * 2

CASES: dict[str, tuple[bytes, list[tuple[int, int]]]] = {
    "a still picture": (REDUCED + obu(6, "0" * 40), [(64, 48)]),
    "a key frame of the sequence's size": (sequence() + obu(6, KEY + "0" + "0" * 40), [(64, 48)]),
    "a key frame of its own size": (
        sequence() + obu(6, KEY + "1" + "0000000" + OWN),
        [(7000, 5000)],
    ),
    "a frame header of its own": (sequence() + obu(3, KEY + "1" + "0000000" + OWN), [(7000, 5000)]),
    "without screen tools": (
        sequence() + obu(6, "0 00 1 0 0" + "1" + "0000000" + OWN),
        [(7000, 5000)],
    ),
    "with frame ids": (
        sequence(ids="1 0011 010") + obu(6, KEY + "10110100" + "1" + "0000000" + OWN),
        [(7000, 5000)],
    ),
    "with a decoder model": (
        sequence(timing=TIMING, points="00000 000000000000 00000 1" + "0" * 21)
        + obu(6, "0 00 1 00000 0 1 0" + "1" + "0000000" + "1" + "00000" + OWN),
        [(7000, 5000)],
    ),
    "a hidden key frame": (
        sequence() + obu(6, "0 00 0 0 1 0 1 0" + "1" + "0000000" + "00000001" + "0" * 56 + OWN),
        [(7000, 5000)],
    ),
    "an intra frame": (
        sequence() + obu(6, "0 10 1 0 0 1 0" + "1" + "0000000" + "00000001" + OWN),
        [(7000, 5000)],
    ),
    "a frame of other frames": (
        sequence()
        + obu(
            6,
            "0 01 1 0 0 1 0" + "1" + "0000000" + "000" + "0" * 8 + "0" + "000" * 7 + "0" * 7 + OWN,
        ),
        [(7000, 5000)],
    ),
    "a frame as large as another one": (
        sequence()
        + obu(6, "0 01 1 0 0 1 0" + "1" + "0000000" + "000" + "0" * 8 + "0" + "000" * 7 + "01"),
        [(64, 48)],
    ),
    "a switch frame": (
        sequence() + obu(6, "0 11 1 0 1 0" + "0000000" + "0" * 56 + "0" + "000" * 7 + OWN),
        [(7000, 5000)],
    ),
    "a frame shown again": (sequence() + obu(3, "1 000 0000"), []),
    "two pictures": (REDUCED + obu(6, "0" * 40) * 2, [(64, 48)] * 2),
    "nothing": (b"", []),
}


@pytest.mark.parametrize("case", CASES)
def test_a_frames_size_is_found(case: str) -> None:
    data, sizes = CASES[case]

    assert list(frames(memoryview(data))) == sizes


@pytest.mark.parametrize("how", [{}, {"codec": "aom", "speed": 0}, {"subsampling": "4:4:4"}])
def test_what_encoders_write_is_understood(how: dict[str, object]) -> None:
    pictures = [Image.effect_noise((70, 50), 90).convert("RGB") for _ in range(4)]
    file = io.BytesIO()
    pictures[0].save(file, "AVIF", save_all=True, append_images=pictures[1:], **how)
    content = file.getvalue()
    data = content[content.index(b"mdat") + 4 :]

    found = list(frames(memoryview(data)))

    assert len(found) >= len(pictures)
    assert set(found) == {(70, 50)}


@pytest.mark.parametrize("data", [REDUCED[:4], obu(6, "0" * 40), b"\x0a", b"\x0a\x80"])
def test_damaged_data_is_an_error(data: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        list(frames(memoryview(data)))
