"""Run-length encoded bitmaps are decoded as Pillow decodes them, and no longer than that takes."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import BmpImagePlugin, Image

from invoke_labeller import bmp_rle
from tests.support import least_seconds


def bitmap(stream: bytes, *, width: int, height: int, bits: int = 8, offset: int = 0) -> bytes:
    """A bitmap whose pixels are encoded by `stream`, which starts `offset` bytes late."""
    palette = b"".join(bytes((value, value, value, 0)) for value in range(1 << bits))
    start = 14 + 40 + len(palette) + offset
    compression = {8: 1, 4: 2}[bits]
    return (
        struct.pack("<2sIHHI", b"BM", start + len(stream), 0, 0, start)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 1, 1, 0, 0)
        + palette
        + bytes(offset)
        + stream
    )


def decoded(data: bytes, decoder: type[BmpImagePlugin.BmpRleDecoder]) -> bytes | str:
    Image.register_decoder("bmp_rle", decoder)
    try:
        with Image.open(io.BytesIO(data), formats=("BMP",)) as image:
            return image.tobytes()
    except (ValueError, OSError) as error:
        return repr(error)
    finally:
        bmp_rle.register()


step = st.one_of(
    st.binary(min_size=2, max_size=2),
    st.sampled_from((b"\0\0", b"\0\1", b"\0\2\1\1", b"\0\3abc\0", b"\0\4abcd", b"\5\x12")),
)


@given(
    st.lists(step, max_size=12).map(b"".join),
    st.integers(1, 9),
    st.integers(1, 5),
    st.sampled_from((4, 8)),
    st.integers(0, 1),
)
def test_pixels_and_errors_are_those_of_pillow(
    stream: bytes, width: int, height: int, bits: int, offset: int
) -> None:
    data = bitmap(stream, width=width, height=height, bits=bits, offset=offset)

    assert decoded(data, bmp_rle.Decoder) == decoded(data, BmpImagePlugin.BmpRleDecoder)


@pytest.mark.parametrize("stream", [b"\1\1" + b"\0\0", b"\0\2\1\0" + b"\0\0"])
def test_the_end_of_a_wide_row_takes_no_time_for_each_pixel(stream: bytes) -> None:
    data = bitmap(stream, width=2_000_000, height=1)

    def seconds(decoder: type[BmpImagePlugin.BmpRleDecoder]) -> float:
        return least_seconds(lambda: decoded(data, decoder))

    assert seconds(bmp_rle.Decoder) < seconds(BmpImagePlugin.BmpRleDecoder) / 10
