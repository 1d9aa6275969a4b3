import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from capacity.cli import main


def _run(**given: str) -> tuple[int, str, str]:
    out, errors = io.StringIO(), io.StringIO()
    status = main(
        {f"IMAGELABELLER_{name}": value for name, value in given.items()}, out=out, errors=errors
    )
    return status, out.getvalue(), errors.getvalue()


def test_everything_that_is_asked_for_is_printed() -> None:
    status, out, errors = _run(RATE="10", BURST="50", OUTAGE="1h")

    assert (status, errors) == (0, "")
    for words in (
        "The first bottlenecks",
        "1. ",
        "3. ",
        "Time to label: p50",
        "p95",
        "A burst of 50",
        "After an outage of 60.0 min",
        "A million pictures cost $",
        "a month while nothing comes",
        "Change these parameters:",
        "Raise these quotas:",
        "https://console.aws.amazon.com/servicequotas/",
        "never measured on AWS",
    ):
        assert words in out


def test_a_size_alone_is_asked_about_its_own_load() -> None:
    assert _run(SIZE="10-a-second")[1].startswith(
        "10 a second, with parameters/production.yml and parameters/sizes/10-a-second.yml"
    )


def test_a_program_gets_json_without_infinite_numbers() -> None:
    status, out, _ = _run(RATE="1000", OUTAGE="1h", JSON="yes", ACCOUNT="raised")
    document = json.loads(out, parse_constant=pytest.fail)

    assert status == 0
    assert document["bottlenecks"][0]["pictures"] < 1000
    assert document["advice"]["parameters"]


def test_it_is_drawn_the_same_each_time(tmp_path: Path) -> None:
    one, other = tmp_path / "one.svg", tmp_path / "other.svg"
    for file in (one, other):
        assert (
            _run(
                RATE="1",
                OUTAGE="10min",
                PLOT=str(file),
                ACCOUNT="raised",
                PARAMETERS="DailyQuota=1000000",
            )[0]
            == 0
        )

    assert one.read_bytes() == other.read_bytes()
    text = " ".join(ET.parse(one).getroot().itertext())  # noqa: S314 # our own file
    assert "submissions that the API accepts" in text
    assert "hours since the beginning of the outage" in text


def test_a_drawing_that_cannot_be_written_is_refused_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.svg").mkdir()

    status, _, errors = _run(RATE="1", PLOT=str(tmp_path / "a.svg"))

    assert status == 2
    assert "cannot be written: Is a directory" in errors


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"RATE": "lots"}, "RATE must"),
        ({"RATE": "1", "SIZE": "lots"}, "SIZE must"),
        ({}, "RATE=100"),
    ],
)
def test_a_wrong_request_is_answered_with_what_is_wrong(
    given: dict[str, str], message: str
) -> None:
    status, out, errors = _run(**given)

    assert (status, out) == (2, "")
    assert message in errors
    assert "Traceback" not in errors
