import io

import pytest
from PIL import Image

from system_tests import pictures


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket"])
def test_has_photographs_with_a_licence(name: str) -> None:
    assert opened(pictures.photo(name)).format == "JPEG"
    assert f"`{name}.jpg`" in (pictures.PHOTOS / "LICENSES.md").read_text()


def test_a_headless_picture_has_a_type_and_no_size() -> None:
    content = pictures.headless(pictures.photo("coffee"))
    assert content.startswith(b"\xff\xd8\xff")
    with pytest.raises(OSError, match="Truncated File Read"):
        opened(content)


def test_a_padded_picture_is_as_large_as_wanted() -> None:
    content = pictures.padded(pictures.photo("coffee"), 200_000)
    assert len(content) == 200_000
    opened(content).load()


def test_a_gigapixel_picture_is_small_to_send() -> None:
    content = pictures.gigapixel()
    assert len(content) < 200
    assert content[16:24] == (50_000).to_bytes(4) * 2
    with pytest.raises(Image.DecompressionBombError):
        opened(content)
