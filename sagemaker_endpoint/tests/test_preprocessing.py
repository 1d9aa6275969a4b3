import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageDraw

from sagemaker_endpoint.preprocessing import center_box, preprocess
from tests.samples import changed, encoded, plain

AS_IT_IS = changed(preprocessing={"std": (1.0, 1.0, 1.0)})


class TestTensor:
    def test_it_is_one_picture_channel_by_channel(self) -> None:
        tensor = preprocess(encoded(plain("red")), AS_IT_IS)

        assert tensor.shape == (1, 3, 8, 8)
        assert tensor.dtype == np.float32
        assert [tensor[0, channel].mean() for channel in range(3)] == [255, 0, 0]

    def test_it_may_be_laid_out_pixel_by_pixel(self) -> None:
        tensor = preprocess(encoded(plain("red")), changed(input={"layout": "NHWC"}))

        assert tensor.shape == (1, 8, 8, 3)
        assert tensor[0, 0, 0].tolist() == [10, 0, 0]

    def test_its_channels_may_be_the_other_way_round(self) -> None:
        how = changed(
            input={"channels": "BGR", "layout": "NHWC"},
            preprocessing={"mean": (1.0, 2.0, 3.0), "std": (1.0, 1.0, 2.0)},
        )

        # mean and std are those of blue, green and red, as the channels are
        assert preprocess(encoded(plain("red")), how)[0, 0, 0].tolist() == [-1, -2, 126]

    def test_it_is_scaled_as_described(self) -> None:
        how = changed(preprocessing={"mean": (127.5,) * 3, "std": (127.5,) * 3})

        assert preprocess(encoded(plain("white")), how).max() == 1
        assert preprocess(encoded(plain("black")), how).min() == -1


class TestCrop:
    @pytest.mark.parametrize(
        ("size", "target", "fraction", "box"),
        [
            ((451, 300), 260, 0.875, (95, 19, 357, 281)),
            ((300, 451), 260, 0.875, (19, 95, 281, 357)),
            ((297, 297), 260, 0.875, (19, 19, 279, 279)),
            ((100, 50), 260, 1.0, (25, 0, 75, 50)),
            ((1, 1), 260, 0.875, (0, 0, 1, 1)),
            ((1, 5000), 299, 0.875, (0, 2500, 1, 2501)),
        ],
    )
    def test_the_square_is_centred(
        self,
        size: tuple[int, int],
        target: int,
        fraction: float,
        box: tuple[int, int, int, int],
    ) -> None:
        assert center_box(size, target, fraction) == box

    @given(
        width=st.integers(1, 9000),
        height=st.integers(1, 9000),
        target=st.integers(8, 2048),
        fraction=st.floats(0.01, 1),
    )
    def test_the_square_lies_in_the_picture(
        self, width: int, height: int, target: int, fraction: float
    ) -> None:
        left, upper, right, lower = center_box((width, height), target, fraction)

        assert 0 <= left < right <= width
        assert 0 <= upper < lower <= height
        assert right - left == lower - upper

    def test_the_middle_is_seen_and_the_margin_is_not(self) -> None:
        picture = plain("blue", size=(90, 30))
        ImageDraw.Draw(picture).rectangle((30, 0, 59, 29), fill="red")

        cropped = preprocess(encoded(picture), changed(preprocessing={"crop": "center"}))
        squeezed = preprocess(encoded(picture), changed(preprocessing={"crop": "none"}))

        assert cropped[0, 2].max() == 0
        assert squeezed[0, 2].max() == 10
