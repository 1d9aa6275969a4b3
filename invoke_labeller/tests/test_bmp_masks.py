"""Bitmaps name the bits of each colour: wherever these are, the picture is the same."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from invoke_labeller.errors import PermanentError
from invoke_labeller.picture import prepare
from invoke_labeller.ports import Prepared

WIDTH, HEIGHT = 42, 32
UPPER, LOWER = (200, 120, 30), (20, 40, 200)
# Bits of a pixel, and the masks of red, green, blue and, if there is one, of the transparency.
MASKS = {
    "16 bits, 4-4-4": (16, (0xF00, 0xF0, 0xF)),
    "16 bits, 4-4-4-4": (16, (0xF00, 0xF0, 0xF, 0xF000)),
    "16 bits, 5-6-5": (16, (0xF800, 0x7E0, 0x1F)),
    "16 bits, 5-6-5, blue first": (16, (0x1F, 0x7E0, 0xF800)),
    "16 bits, 5-5-5, blue first": (16, (0x1F, 0x3E0, 0x7C00)),
    "16 bits, 1-5-5-5": (16, (0x7C00, 0x3E0, 0x1F, 0x8000)),
    "32 bits, red last": (32, (0xFF0000, 0xFF00, 0xFF)),
    "32 bits, red first": (32, (0xFF, 0xFF00, 0xFF0000)),
    "32 bits, after a byte": (32, (0xFF00, 0xFF0000, 0xFF000000)),
    "32 bits, blue first, transparency last": (32, (0xFF00, 0xFF0000, 0xFF000000, 0xFF)),
    "32 bits, 10-10-10": (32, (0x3FF00000, 0xFFC00, 0x3FF)),
    "32 bits, 2-10-10-10": (32, (0x3FF, 0xFFC00, 0x3FF00000, 0xC0000000)),
    "32 bits, 5-6-5": (32, (0xF800, 0x7E0, 0x1F)),
    "32 bits, 8 of them across two bytes": (32, (0xFF00000, 0xFF000, 0xFF0)),
}


def pixel(colour: tuple[int, ...], masks: tuple[int, ...]) -> int:
    found = 0
    for value, mask in zip((*colour, 255), masks, strict=False):
        most = mask // (mask & -mask)
        found |= round(value * most / 255) * (mask & -mask)
    return found


def bitmap(bits: int, masks: tuple[int, ...], length: int, *, top_down: bool = False) -> bytes:
    """A bitmap of two colours, one above the other, whose header has this length."""
    height = -HEIGHT if top_down else HEIGHT
    header = struct.pack("<IiiHHIIiiII", length, WIDTH, height, 1, bits, 3, 0, 0, 0, 0, 0)
    header += struct.pack(f"<{len(masks)}I", *masks)
    # After the shortest header the masks follow; longer ones have them within.
    header = header.ljust(length, b"\0")
    rows = [
        (pixel(colour, masks).to_bytes(bits // 8, "little") * WIDTH).ljust(
            -(-WIDTH * bits // 32) * 4, b"\0"
        )
        for colour in [UPPER] * (HEIGHT // 2) + [LOWER] * (HEIGHT // 2)
    ]
    start = struct.pack("<IHHI", 0, 0, 0, 14 + len(header))
    return b"BM" + start + header + b"".join(rows if top_down else rows[::-1])


def colours(prepared: Prepared) -> list[tuple[int, ...]]:
    image = Image.open(BytesIO(prepared.jpeg))
    assert image.size == (WIDTH, HEIGHT)
    found = [image.getpixel((WIDTH // 2, HEIGHT * at // 8)) for at in (1, 7)]
    return [colour for colour in found if isinstance(colour, tuple)]


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize(
    ("kind", "length"),
    [
        (kind, length)
        for kind, (_, masks) in MASKS.items()
        for length in (40, 52, 56, 108, 124)
        # Shorter headers have no mask of the transparency.
        if length >= 56 or len(masks) == 3
    ],
)
def test_colours_are_where_the_masks_say(kind: str, length: int, *, top_down: bool) -> None:
    prepared = prepare(bitmap(*MASKS[kind], length, top_down=top_down))

    assert not prepared.incomplete
    for found, wanted in zip(colours(prepared), (UPPER, LOWER), strict=True):
        # Four bits are as coarse as that.
        assert found == pytest.approx(wanted, abs=20)


@pytest.mark.parametrize("kind", ["16 bits, 4-4-4", "32 bits, red first"])
def test_such_a_bitmap_is_labelled_as_far_as_it_is_there(kind: str) -> None:
    whole = bitmap(*MASKS[kind], 40)

    assert prepare(whole[: len(whole) * 3 // 4]).incomplete
    with pytest.raises(PermanentError, match="Less than half"):
        prepare(whole[: len(whole) // 4])
    with pytest.raises(PermanentError, match="Less than half"):
        prepare(whole[:70])


@pytest.mark.parametrize(
    ("bits", "masks"),
    [
        (16, (0, 0, 0, 0)),
        (16, (0xF0000, 0xF0, 0xF)),
        (32, (0xF0F00000, 0xFF00, 0xFF)),
    ],
    ids=["nothing", "beyond the pixel", "in two pieces"],
)
def test_masks_that_make_no_sense_are_refused(bits: int, masks: tuple[int, ...]) -> None:
    whole = bytearray(bitmap(bits, (0xF00, 0xF0, 0xF), 56))
    whole[54 : 54 + 4 * len(masks)] = struct.pack(f"<{len(masks)}I", *masks)

    with pytest.raises(PermanentError, match="a kind of bitmap"):
        prepare(bytes(whole))


def test_of_a_bitmap_that_claims_too_much_nothing_is_rewritten() -> None:
    whole = bytearray(bitmap(*MASKS["16 bits, 4-4-4"], 40))
    whole[18:26] = struct.pack("<ii", 1, 60_000_000)

    with pytest.raises(PermanentError, match="too many pixels"):
        prepare(bytes(whole))
