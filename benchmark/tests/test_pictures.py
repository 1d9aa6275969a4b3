import io

import pytest
from PIL import Image

from benchmark import pictures

# What an endpoint takes.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
MOST = 6 * 2**20


@pytest.mark.parametrize(
    ("megapixels", "size"), [(pictures.SMALL, (628, 474)), (pictures.LARGE, (4000, 3000))]
)
def test_a_picture_has_its_size_and_can_be_sent_as_it_is(
    megapixels: float, size: tuple[int, int]
) -> None:
    data = pictures.photograph(megapixels, 0)

    assert Image.open(io.BytesIO(data)).size == pytest.approx(size, abs=4)
    assert len(data) < MOST


def test_pictures_are_the_same_in_each_run_and_differ_from_each_other() -> None:
    assert pictures.album(pictures.SMALL) == pictures.album(pictures.SMALL)
    assert len(set(pictures.album(pictures.SMALL))) == pictures.KINDS[pictures.SMALL]
