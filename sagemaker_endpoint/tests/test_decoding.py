import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from sagemaker_endpoint.decoding import MAX_PIXELS, decode, to_rgb
from sagemaker_endpoint.errors import ImageError
from sagemaker_endpoint.preprocessing import preprocess
from tests.samples import CHELSEA, changed, encoded, plain

AS_IT_IS = changed(preprocessing={"std": (1.0, 1.0, 1.0)})


def colour(data: bytes) -> tuple[int, int, int]:
    """The colour that the model sees in the middle of a picture."""
    red, green, blue = preprocess(data, AS_IT_IS)[0, :, 4, 4]
    return round(float(red)), round(float(green)), round(float(blue))


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG of any announced size, whatever its rows are."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


class TestModes:
    @pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA"])
    def test_white_is_white_in_every_mode(self, mode: str) -> None:
        assert colour(encoded(plain("white", mode))) == (255, 255, 255)

    def test_cmyk_is_converted(self) -> None:
        red, green, blue = colour(encoded(plain("red", "CMYK"), "JPEG", quality=95))

        assert red > 240
        assert max(green, blue) < 15

    def test_greys_of_16_bits_keep_their_brightness(self) -> None:
        grey = Image.fromarray(np.full((20, 20), 0x8000, np.uint16))

        assert colour(encoded(grey)) == (128, 128, 128)
        assert colour(encoded(grey, "TIFF")) == (128, 128, 128)

    @pytest.mark.parametrize("dtype", [np.float32, np.int32])
    def test_greys_of_an_unknown_range_are_stretched(self, dtype: type[np.generic]) -> None:
        values = np.linspace(-50, 1000, 64).reshape(8, 8).astype(dtype)

        tensor = preprocess(encoded(Image.fromarray(values), "TIFF"), AS_IT_IS)

        assert [float(tensor.min()), float(tensor.max())] == [0, 255]

    def test_what_is_not_a_number_is_black(self) -> None:
        values = np.array([[np.nan, np.inf], [0, 1]], np.float32)

        assert np.isfinite(np.asarray(to_rgb(Image.fromarray(values)))).all()

    def test_what_is_transparent_is_white(self) -> None:
        # given red pixels that nobody sees
        assert colour(encoded(Image.new("RGBA", (20, 20), (255, 0, 0, 0)))) == (255, 255, 255)

    def test_a_transparent_palette_colour_is_white(self) -> None:
        picture = plain("red", "P")

        assert colour(encoded(picture, transparency=picture.getpixel((0, 0)))) == (255, 255, 255)


class TestFiles:
    @pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
    def test_every_accepted_format_is_decoded(self, format_: str) -> None:
        red, green, blue = colour(encoded(plain("red"), format_))

        assert red > 240
        assert max(green, blue) < 15

    @pytest.mark.parametrize("format_", ["PPM", "ICO", "EPS", "PCX", "JPEG2000"])
    def test_no_other_format_is(self, format_: str) -> None:
        with pytest.raises(ImageError, match="no image in one of the formats JPEG, PNG"):
            preprocess(encoded(plain("red"), format_), AS_IT_IS)

    @pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP", "TIFF"])
    def test_of_an_animation_the_first_frame_is_taken(self, format_: str) -> None:
        frames = [plain("red"), plain("blue")]

        data = encoded(frames[0], format_, save_all=True, append_images=frames[1:])

        assert colour(data)[0] > 240

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_a_photograph_is_turned_upright(self, orientation: int) -> None:
        # given a picture of four colours, stored as a camera held that way would
        upright = plain("red", size=(16, 16))
        for box, fill in (
            ((8, 0, 15, 7), "lime"),
            ((0, 8, 7, 15), "blue"),
            ((8, 8, 15, 15), "white"),
        ):
            ImageDraw.Draw(upright).rectangle(box, fill=fill)
        inverse = [
            None,
            Image.Transpose.FLIP_LEFT_RIGHT,
            Image.Transpose.ROTATE_180,
            Image.Transpose.FLIP_TOP_BOTTOM,
            Image.Transpose.TRANSPOSE,
            Image.Transpose.ROTATE_90,
            Image.Transpose.TRANSVERSE,
            Image.Transpose.ROTATE_270,
        ][orientation - 1]
        stored = upright if inverse is None else upright.transpose(inverse)
        exif = Image.Exif()
        exif[0x0112] = orientation

        tensor = preprocess(encoded(stored, exif=exif), AS_IT_IS)

        assert np.array_equal(tensor, preprocess(encoded(upright), AS_IT_IS))

    def test_damaged_exif_is_no_reason_to_refuse(self) -> None:
        data = encoded(plain("red"), exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")

        assert colour(data)[0] > 240

    def test_a_single_pixel_is_enough(self) -> None:
        assert colour(encoded(plain("red", size=(1, 1)))) == (255, 0, 0)

    def test_a_large_photograph_is_decoded_at_a_part_of_its_size(self) -> None:
        photograph = Image.open(io.BytesIO(CHELSEA)).resize((3600, 2400))

        assert decode(encoded(photograph, "JPEG"), at_least=520).size == (900, 600)
        assert decode(encoded(photograph, "JPEG"), at_least=5000).size == (3600, 2400)


class TestHostileFiles:
    @pytest.mark.parametrize("data", [b"", b"\x89PNG", b"<svg/>", b"GIF89a", b"\xff\xd8\xff"])
    def test_what_is_no_image_is_refused(self, data: bytes) -> None:
        with pytest.raises(ImageError):
            preprocess(data, AS_IT_IS)

    @pytest.mark.parametrize("share", [0.05, 0.5, 0.99])
    @pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
    def test_what_is_cut_off_is_refused(self, format_: str, share: float) -> None:
        data = encoded(Image.open(io.BytesIO(CHELSEA)).resize((64, 64)), format_)

        with pytest.raises(ImageError):
            preprocess(data[: int(len(data) * share)], AS_IT_IS)

    @pytest.mark.parametrize(
        ("width", "height"), [(MAX_PIXELS + 1, 1), (20_000, 20_000), (2**31 - 1, 2**31 - 1)]
    )
    def test_a_bomb_is_not_unpacked(self, width: int, height: int) -> None:
        with pytest.raises(ImageError, match=f"more than {MAX_PIXELS} pixels"):
            preprocess(png(width, height), AS_IT_IS)

    @settings(deadline=None, max_examples=150)
    @given(
        format_=st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"]),
        changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1),
    )
    def test_any_damage_gives_a_tensor_or_a_refusal(
        self, format_: str, changes: list[tuple[float, int]]
    ) -> None:
        data = bytearray(encoded(plain("red", size=(40, 30)), format_))
        for where, value in changes:
            data[int(where * len(data))] = value

        try:
            tensor = preprocess(bytes(data), AS_IT_IS)
        except ImageError:
            return

        assert tensor.shape == (1, 3, 8, 8)
        assert np.isfinite(tensor).all()
