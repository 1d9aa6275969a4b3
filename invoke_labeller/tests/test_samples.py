"""Whatever samples a file has, what it shows is seen: a slope from black to white, here."""

import math
import struct
from io import BytesIO

import pytest
from PIL import Image

from invoke_labeller.errors import PermanentError
from invoke_labeller.picture import prepare
from tests.pictures import encoded
from tests.tiffs import tiff_of_samples

SIDE = 64
SIZE = (SIDE, SIDE)
UNSIGNED, SIGNED, FLOAT = 1, 2, 3


def slope(lowest: float, highest: float) -> list[float]:
    row = [lowest + (highest - lowest) * x / (SIDE - 1) for x in range(SIDE)]
    return row * SIDE


def whole(values: list[float]) -> list[int]:
    return [int(value) for value in values]


def packed12(values: list[int]) -> bytes:
    pairs = zip(values[::2], values[1::2], strict=True)
    return b"".join(((one << 12) | other).to_bytes(3) for one, other in pairs)


def odd_ones(code: str, order: str) -> bytes:
    """What measuring instruments write where they measured nothing."""
    values = slope(0, 1)
    values[100], values[200], values[300], values[400] = math.nan, math.inf, 1e30, -math.inf
    return struct.pack(f"{order}{len(values)}{code}", *values)


def samples(code: str, order: str, lowest: float, highest: float) -> bytes:
    values = slope(lowest, highest)
    return struct.pack(f"{order}{len(values)}{code}", *(values if code in "fd" else whole(values)))


def made(kind: str, order: str, photometric: int) -> bytes:
    options = {"order": order, "photometric": photometric}

    def of(bits: int, data: bytes, sample_format: int = UNSIGNED) -> bytes:
        return tiff_of_samples(SIZE, bits, data, sample_format=sample_format, **options)  # type: ignore[arg-type] # the two

    kinds = {
        "8 bits, signed": lambda: of(8, samples("b", order, -128, 127), SIGNED),
        "12 bits": lambda: of(12, packed12(whole(slope(0, 4095)))),
        "12 bits in 16": lambda: of(16, samples("H", order, 0, 4095)),
        "16 bits": lambda: of(16, samples("H", order, 0, 65535)),
        "16 bits, signed": lambda: of(16, samples("h", order, -32768, 32767), SIGNED),
        "the upper 16th of 16 bits": lambda: of(16, samples("H", order, 62000, 65535)),
        "32 bits": lambda: of(32, samples("I", order, 0, 2**32 - 1)),
        "32 bits, signed": lambda: of(32, samples("i", order, -(2**31), 2**31 - 1), SIGNED),
        "float": lambda: of(32, samples("f", order, 0, 1), FLOAT),
        "float of any range": lambda: of(32, samples("f", order, -1e6, 3e6), FLOAT),
        "float with odd ones": lambda: of(32, odd_ones("f", order), FLOAT),
        "double with odd ones": lambda: of(64, odd_ones("d", order), FLOAT),
    }
    return kinds[kind]()


BOTH_WAYS = ("12 bits", "12 bits in 16", "16 bits", "16 bits, signed", "float")
KINDS = (
    *BOTH_WAYS,
    *("8 bits, signed", "the upper 16th of 16 bits", "32 bits", "32 bits, signed"),
    *("float of any range", "float with odd ones", "double with odd ones"),
)


def seen(data: bytes) -> list[int]:
    """The middle row of what the model is sent, at three places."""
    image = Image.open(BytesIO(prepare(data).jpeg)).convert("L")
    return [int(image.getpixel((x, SIDE // 2))) for x in (2, SIDE // 2, SIDE - 3)]  # type: ignore[arg-type] # one band


def assert_slope(found: list[int]) -> None:
    black, grey, white = found
    assert black < 40, found
    assert 100 < grey < 156, found
    assert white > 215, found


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", KINDS)
def test_grey_samples_are_seen(kind: str, order: str) -> None:
    assert_slope(seen(made(kind, order, photometric=1)))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", BOTH_WAYS)
def test_where_the_lowest_sample_is_white_it_is_seen_as_white(kind: str, order: str) -> None:
    assert_slope(seen(made(kind, order, photometric=0))[::-1])


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("highest", [4095, 65535])
def test_colours_of_sixteen_bits_are_seen(order: str, highest: int) -> None:
    values = [value for value in whole(slope(0, highest)) for _ in range(3)]
    data = struct.pack(f"{order}{len(values)}H", *values)

    assert_slope(seen(tiff_of_samples(SIZE, 16, data, order=order, photometric=2, samples=3)))


def test_a_declared_range_counts() -> None:
    data = samples("H", "<", 2000, 10_000)
    declared = tiff_of_samples(SIZE, 16, data, sample_range=(2000, 18_000))

    assert seen(declared)[-1] == pytest.approx(128, abs=15)


def test_a_night_keeps_its_darkness_where_the_range_is_used() -> None:
    values = whole(slope(0, 16_000))

    picture = tiff_of_samples(SIZE, 16, struct.pack(f"<{len(values)}H", *values))

    assert seen(picture)[-1] == pytest.approx(62, abs=15)


def test_samples_that_are_all_the_same_are_grey() -> None:
    data = struct.pack(f"<{SIDE * SIDE}f", *[7.0] * (SIDE * SIDE))

    assert seen(tiff_of_samples(SIZE, 32, data, sample_format=FLOAT)) == [128] * 3


def test_a_picture_without_a_number_has_failed() -> None:
    data = struct.pack(f"<{SIDE * SIDE}f", *[math.nan] * (SIDE * SIDE))

    with pytest.raises(PermanentError, match="none of its samples is a number"):
        prepare(tiff_of_samples(SIZE, 32, data, sample_format=FLOAT))


@pytest.mark.parametrize(
    ("bits", "sample_format"), [(10, UNSIGNED), (14, UNSIGNED), (16, FLOAT), (64, UNSIGNED)]
)
def test_samples_that_nothing_here_reads_fail_with_advice(bits: int, sample_format: int) -> None:
    data = bytes(SIDE * SIDE * bits // 8)

    with pytest.raises(
        PermanentError, match=r"kind of TIFF that is not supported\..* save it as JPEG or PNG there"
    ):
        prepare(tiff_of_samples(SIZE, bits, data, sample_format=sample_format))


def test_sixteen_bits_of_a_png_are_seen() -> None:
    image = Image.frombytes("I;16", SIZE, samples("H", "<", 0, 4095))

    assert_slope(seen(encoded(image, "PNG")))


NO_DATA = {
    "a few of -9999": ([-9999.0] * 106, "f", 32, FLOAT),
    "some of 1e30": ([1e30] * 25, "f", 32, FLOAT),
    "many of the lowest float": ([-3.4e38] * 490, "f", 32, FLOAT),
    "half of -9999": ([-9999.0] * 2200, "f", 32, FLOAT),
    "at both ends": ([-9999.0, 1e30] * 100, "f", 32, FLOAT),
    "scattered": ([float(value) for value in range(-9000, 9000, 300)], "f", 32, FLOAT),
    "the highest of 16 bits": ([65535.0] * 25, "H", 16, UNSIGNED),
}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("name", NO_DATA)
def test_samples_where_nothing_was_measured_do_not_count(name: str, order: str) -> None:
    odd, code, bits, sample_format = NO_DATA[name]
    values = slope(0, 255)
    for number, value in enumerate(odd):
        place = number * 1201 % len(values)
        if not SIDE * 28 <= place < SIDE * 36:  # where it is looked at
            values[place] = value
    data = samples_of(code, order, values)

    assert_slope(seen(tiff_of_samples(SIZE, bits, data, order=order, sample_format=sample_format)))


def samples_of(code: str, order: str, values: list[float]) -> bytes:
    return struct.pack(f"{order}{len(values)}{code}", *(values if code == "f" else whole(values)))


def test_two_values_are_black_and_white() -> None:
    values = ([0.0] * (SIDE // 2) + [1.0] * (SIDE // 2)) * SIDE
    data = struct.pack(f"<{len(values)}f", *values)

    black, _, white = seen(tiff_of_samples(SIZE, 32, data, sample_format=FLOAT))

    assert black < 20
    assert white > 235


def test_sixteen_bits_in_separate_planes_fail_with_an_explanation() -> None:
    data = struct.pack(f"<{SIDE * SIDE}H", *whole(slope(0, 65535))) * 3
    planes = tiff_of_samples(SIZE, 16, data, photometric=2, samples=3, planes=2)

    with pytest.raises(PermanentError, match="16 bits in separate planes are not supported"):
        prepare(planes)


def test_a_bitmap_of_a_rare_kind_fails_with_an_explanation() -> None:
    masks = struct.pack("<III", 0x3F0F0000, 0xFF00, 0xFF)
    header = struct.pack("<IiiHHIIiiII", 40, *SIZE, 1, 32, 3, 0, 0, 0, 0, 0) + masks
    data = b"BM" + struct.pack("<IHHI", 0, 0, 0, 14 + len(header)) + header

    with pytest.raises(PermanentError, match="kind of bitmap that is not supported"):
        prepare(data + bytes(4 * SIDE * SIDE))
