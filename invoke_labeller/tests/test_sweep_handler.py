from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoke_labeller import clients, sweep_handler
from invoke_labeller.sweep import Sweep
from tests.fakes import FakeTable
from tests.support import FakeClock, FakeContext, Log, metrics, published
from tests.test_stream import JSON

SCHEDULED: dict[str, Any] = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.scheduler",
    "account": "123456789012",
    "time": "2026-11-23T07:51:11Z",
    "region": "us-west-1",
    "resources": ["arn:aws:scheduler:us-west-1:123456789012:schedule/default/Sweep"],
    "detail": "{}",
}


def handler(table: FakeTable) -> Any:
    clock = FakeClock()
    return sweep_handler.create(Sweep(table, clock), timedelta(minutes=15), Log().logger, metrics())


def aged(*image_ids: str, max_sweeps: int = 96) -> FakeTable:
    table = FakeTable(*image_ids, max_sweeps=max_sweeps)
    for row in table.rows.values():
        row.since = "2026-11-23T07:30:00.000Z"
    return table


@pytest.mark.parametrize("event", [SCHEDULED, {}, None])
def test_the_schedule_sweeps_what_waits_longer_than_configured(event: object) -> None:
    assert handler(aged("0a"))(event, FakeContext()) == {"Swept": 1, "Failed": 0}
    assert handler(FakeTable("0a"))(event, FakeContext()) == {"Swept": 0, "Failed": 0}


def test_a_command_may_sweep_what_waits_less(capsys: pytest.CaptureFixture[str]) -> None:
    table = FakeTable("0a", "0b")

    assert handler(table)({"olderThanSeconds": 0}, FakeContext()) == {"Swept": 2, "Failed": 0}
    assert published(capsys.readouterr().out) == {"ImagesSwept": [2], "ImagesAbandoned": [0]}


def test_what_is_abandoned_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    table = aged("0a", max_sweeps=0)

    assert handler(table)(SCHEDULED, FakeContext()) == {"Swept": 0, "Failed": 1}
    assert published(capsys.readouterr().out)["ImagesAbandoned"] == [1]


@pytest.mark.parametrize("seconds", [-1, 1.5, "60", None, True, [], 10**30])
def test_a_command_that_makes_no_sense_is_a_problem_and_sweeps_nothing(seconds: object) -> None:
    table = aged("0a")

    problem = handler(table)({"olderThanSeconds": seconds}, FakeContext())

    assert (problem["type"], problem["status"]) == (
        "urn:imagelabeller:problem:invalid-request",
        400,
    )
    assert not table.touched


def test_a_run_that_is_out_of_time_sweeps_nothing() -> None:
    context = FakeContext(remaining=lambda: sweep_handler.RESERVED_MILLISECONDS)

    assert handler(aged("0a"))(SCHEDULED, context) == {"Swept": 0, "Failed": 0}


def test_an_incomplete_run_does_what_it_can_and_is_an_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = aged("0a", "0b")
    table.broken = {"0a"}

    with pytest.raises(sweep_handler.SweepError, match="1 rows or shards"):
        handler(table)(SCHEDULED, FakeContext())

    assert table.touched == ["0b"]
    assert published(capsys.readouterr().out)["ImagesSwept"] == [1]


def test_the_time_kept_back_covers_every_timeout_of_one_row() -> None:
    retries = clients.STORE.retries["total_max_attempts"]  # type: ignore[attr-defined] # set at run time
    one = retries * (clients.STORE.connect_timeout + clients.STORE.read_timeout) + retries - 1  # type: ignore[attr-defined]

    assert 3 * one * 1000 < sweep_handler.RESERVED_MILLISECONDS


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["olderThanSeconds", "detail"]), JSON) | JSON)
def test_no_event_raises(event: object) -> None:
    answer = handler(FakeTable())(event, FakeContext())

    assert answer.get("status") == 400 or answer == {"Swept": 0, "Failed": 0}
