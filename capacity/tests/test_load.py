from pathlib import Path

import pytest
from local_aws.errors import UsageError

from capacity.load import Request, duration, rate


@pytest.mark.parametrize(
    ("text", "expected"),
    [("100", 100), ("0.5", 0.5), ("86400/day", 1), ("60/min", 1), ("3600/hour", 1), ("2/s", 2)],
)
def test_a_rate_is_read_with_its_period(text: str, expected: float) -> None:
    assert rate(text) == expected


@pytest.mark.parametrize(
    "text", ["", "fast", "-1", "0", "1/fortnight", "nan", "1e99", "10 a second", "1/day/day"]
)
def test_a_rate_that_makes_no_sense_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"^RATE must"):
        rate(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("0", 0), ("90s", 90), ("30min", 1800), ("2h", 7200), ("1d", 86_400)]
)
def test_an_outage_is_read_with_its_unit(text: str, expected: float) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["1", "1 hour", "h", "-1h", "15d", "1w"])
def test_an_outage_that_makes_no_sense_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"^OUTAGE must"):
        duration(text)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "RATE=100 a second"),
        ({"RATE": "1", "BURST": "many"}, "^BURST must"),
        ({"RATE": "1", "BURST": "-3"}, "^BURST must"),
        ({"RATE": "1", "ACCOUNT": "old"}, "^ACCOUNT must be one of new, default, raised"),
        ({"RATE": "1", "JSON": "maybe"}, "^JSON must"),
        ({"RATE": "1", "ASSUME": "model-seconds"}, "^ASSUME must"),
        ({"RATE": "1", "ASSUME": "model-seconds=slow"}, "^ASSUME must"),
        ({"RATE": "1", "PLOT": "picture.png"}, "^PLOT must"),
        ({"RATE": "1", "PLOT": "/nowhere/at/all/picture.svg"}, "there is no directory"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_by_name(
    given: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        Request.read(given)


def test_everything_is_read(tmp_path: Path) -> None:
    request = Request.read(
        {
            "RATE": "2",
            "BURST": "30",
            "OUTAGE": "1h",
            "ASSUME": "spread=0",
            "PLOT": str(tmp_path / "a.svg"),
        }
    )

    assert (request.load.rate, request.load.burst, request.load.outage) == (2, 30, 3600)
    assert request.assume == {"spread": 0}
    assert request.plot == tmp_path / "a.svg"
