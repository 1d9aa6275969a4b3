"""The matrix shows every component in every environment."""

from rich.console import Console

from local_aws.delivery.matrix import Cell, Matrix, differing, table
from local_aws.project.places import PLACES

VERSION = "97adcb1ffeba3f15e117e828c08cd46be2b59f2e"
CELL = Cell(VERSION, "4a7daed43d48", "UPDATE_COMPLETE", "passed")


def drawn(matrix: Matrix) -> str:
    """The table's text."""
    console = Console(width=90)
    with console.capture() as captured:
        console.print(table(matrix, "What serves"))
    return captured.get()


def test_it_shows_version_digest_status_and_tests_of_each_place() -> None:
    text = drawn({"submit_image": dict.fromkeys(PLACES, CELL)})

    assert text.count("97adcb1") == len(PLACES)
    assert text.count("4a7daed") == len(PLACES)
    assert text.count("updated") == len(PLACES)
    assert text.count("passed") == len(PLACES)
    assert all(place.region in text for place in PLACES)


def test_what_is_not_there_is_a_dash() -> None:
    assert Cell().text == "-\n-\n-\n-"
    assert Cell(status="UPDATE_FAILED").text.splitlines()[2] == "UPDATE_FAILED"
    assert "s3_infra" in drawn({"s3_infra": {}})


def test_one_package_everywhere_differs_nowhere() -> None:
    assert differing({"s3_infra": dict.fromkeys(PLACES, CELL)}) == []


def test_another_package_in_one_place_is_found() -> None:
    cells = dict.fromkeys(PLACES, CELL) | {PLACES[4]: Cell(VERSION, "0dd", "UPDATE_COMPLETE")}

    assert differing({"s3_infra": cells, "dynamodb_infra": dict.fromkeys(PLACES, CELL)}) == [
        "s3_infra"
    ]
