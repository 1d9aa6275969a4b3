"""The rows of a TIFF that have a place in the file are found in linear time."""

from invoke_labeller.tiff_places import rows_there
from tests.support import least_seconds


def tiled(*, rows: int, offsets: tuple[int, ...], layers: int = 1) -> dict[int, object]:
    """The directory of a TIFF of four tiles a row, each of 16 by 16 pixels."""
    planes = {277: layers, 284: 2} if layers > 1 else {277: 1}
    return planes | {256: 64, 257: rows * 16, 322: 16, 323: 16, 324: offsets}


def test_a_row_is_there_if_each_of_its_tiles_has_a_place() -> None:
    tags = tiled(rows=3, offsets=(8, 8, 8, 8, 8, 8, 0, 8, 8, 8, 8, 8))

    assert rows_there(tags) == [True] * 16 + [False] * 16 + [True] * 16


def test_a_row_is_there_if_it_has_a_place_in_each_plane() -> None:
    tags = tiled(rows=2, layers=3, offsets=(8,) * 8 + (8,) * 4 + (0,) * 4 + (8,) * 8)

    assert rows_there(tags) == [True] * 16 + [False] * 16


def test_tiles_that_are_not_named_have_no_place() -> None:
    assert rows_there(tiled(rows=2, offsets=(8,) * 5)) == [True] * 16 + [False] * 16


def test_ten_times_as_many_tiles_take_about_ten_times_as_long() -> None:
    def seconds(rows: int) -> float:
        tags = tiled(rows=rows, offsets=(8,) * (rows * 4))
        return least_seconds(lambda: rows_there(tags))

    assert seconds(30_000) < 40 * seconds(3_000)
