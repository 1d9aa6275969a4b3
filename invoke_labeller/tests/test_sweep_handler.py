from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoke_labeller import clients, sweep_handler
from invoke_labeller.failure import Failure, FailureCode
from invoke_labeller.requeue import LIMIT, Requeue
from invoke_labeller.row import Status
from invoke_labeller.sweep import Pace, Sweep
from tests.fakes import FakeTable
from tests.support import START, FakeClock, FakeContext, Log, metrics, published
from tests.test_stream import JSON

SCHEDULED = {"caller": "schedule"}


def handler(table: FakeTable, log: Log | None = None) -> Any:
    clock = FakeClock()
    sweep = Sweep(table, clock, Pace(timedelta(minutes=15), timedelta(days=1), 1024))
    requeue = Requeue(table, clock, lambda _: None)
    return sweep_handler.create_handler(sweep, requeue, (log or Log()).logger, metrics())


def aged(*image_ids: str) -> FakeTable:
    table = FakeTable(*image_ids)
    for row in table.rows.values():
        row.since = "2026-11-23T07:30:00.000Z"
    return table


def failed(*image_ids: str, code: FailureCode = FailureCode.MODEL_BUSY) -> FakeTable:
    table = FakeTable(*image_ids)
    for number, row in enumerate(table.rows.values()):
        at = START - timedelta(hours=1) + timedelta(seconds=number)
        row.status, row.failure = Status.FAILED, Failure(code, "No.", at)
    return table


@pytest.mark.parametrize("event", [SCHEDULED, {}, None])
def test_the_schedule_sweeps_what_waits_longer_than_settingsured(event: object) -> None:
    assert handler(aged("0a"))(event, FakeContext()) == {"Swept": 1, "Failed": 0}
    assert handler(FakeTable("0a"))(event, FakeContext()) == {"Swept": 0, "Failed": 0}


@pytest.mark.parametrize(
    ("event", "counted"), [(SCHEDULED, [1]), ({}, None), ({"caller": "system-tests"}, None)]
)
def test_only_runs_of_the_schedule_are_counted_as_such(
    event: object, counted: list[int] | None, capsys: pytest.CaptureFixture[str]
) -> None:
    handler(FakeTable())(event, FakeContext())

    assert published(capsys.readouterr().out).get("ScheduledSweeps") == counted


def test_a_command_may_sweep_what_waits_less(capsys: pytest.CaptureFixture[str]) -> None:
    table = FakeTable("0a", "0b")

    assert handler(table)({"olderThanSeconds": 0}, FakeContext()) == {"Swept": 2, "Failed": 0}
    assert published(capsys.readouterr().out) == {"ImagesSwept": [2], "ImagesAbandoned": [0]}


def test_abandoned_records_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    table = aged("0a")
    table.rows["0a"].swept_since = table.rows["0a"].last_attempt_at = START - timedelta(days=2)

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

    assert 4 * one * 1000 < sweep_handler.RESERVED_MILLISECONDS


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["olderThanSeconds", "detail", "requeue"]), JSON) | JSON)
def test_no_event_raises(event: object) -> None:
    answer = handler(FakeTable())(event, FakeContext())

    assert answer.get("status") == 400 or answer == {"Swept": 0, "Failed": 0}


IMAGE = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55"


def test_one_picture_is_requeued_and_who_asked_is_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table, log = failed(IMAGE, code=FailureCode.UNDECODABLE), Log()

    answer = handler(table, log)(
        {"requeue": {"imageId": IMAGE.upper(), "by": "arn:aws:iam::1:user/ann"}}, FakeContext()
    )

    assert answer == {"Requeued": 1, "Skipped": 0, "Next": None}
    assert table.rows[IMAGE].status == Status.NOT_CLASSIFIED
    assert published(capsys.readouterr().out) == {"ImagesRequeued": [1]}
    (line,) = log.lines
    assert (line["requeued"], line["asked"]) == (1, {"imageId": IMAGE})
    assert line["by"] == "arn:aws:iam::1:user/ann"


def test_the_system_tests_may_requeue_too() -> None:
    event = {"requeue": {"imageId": IMAGE}, "caller": "system-tests"}

    assert handler(failed(IMAGE))(event, FakeContext())["Requeued"] == 1


def test_a_picture_that_is_not_failed_is_skipped() -> None:
    answer = handler(FakeTable(IMAGE))({"requeue": {"imageId": IMAGE}}, FakeContext())

    assert answer == {"Requeued": 0, "Skipped": 1, "Next": None}


def test_the_command_that_goes_on_comes_with_the_answer() -> None:
    table = failed(*[f"{number:03}" for number in range(2 * LIMIT + 50)])
    handle = handler(table)

    answers = [handle({"requeue": {"reason": "model-busy", "by": "ann"}}, FakeContext())]
    while answers[-1]["Next"] and len(answers) < 10:
        answers.append(handle(answers[-1]["Next"], FakeContext()))

    assert [answer["Requeued"] for answer in answers] == [100, 100, 50]
    assert answers[0]["Next"]["requeue"]["by"] == "ann"
    assert {row.status for row in table.rows.values()} == {Status.NOT_CLASSIFIED}


def test_a_span_is_requeued_and_what_failed_outside_it_is_not() -> None:
    table = failed("0a", "0b", "0c")

    answer = handler(table)(
        {"requeue": {"from": "2026-11-23T06:51:12.123Z", "to": "2026-11-23T07:51:12.500+01:00"}},
        FakeContext(),
    )

    assert answer == {"Requeued": 1, "Skipped": 0, "Next": None}
    assert [row.status for row in table.rows.values()] == [
        Status.FAILED,
        Status.NOT_CLASSIFIED,
        Status.FAILED,
    ]


def test_a_row_that_cannot_be_requeued_keeps_no_other_and_is_an_error() -> None:
    table = failed("0a", "0b")
    table.broken = {"0a"}

    with pytest.raises(sweep_handler.SweepError, match="run it again"):
        handler(table)({"requeue": {"reason": "model-busy"}}, FakeContext())

    assert [row.status for row in table.rows.values()] == [Status.FAILED, Status.NOT_CLASSIFIED]


def test_an_index_that_cannot_be_read_is_an_error() -> None:
    table = failed("0a")
    table.broken = {"reason model-busy"}

    with pytest.raises(sweep_handler.SweepError, match="run it again"):
        handler(table)({"requeue": {"reason": "model-busy"}}, FakeContext())


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"by": "ann"},
        {"imageId": "0a"},
        {"imageId": IMAGE, "reason": "model-busy"},
        {"imageId": 1},
        {"imageId": ""},
        {"reason": "no such reason"},
        {"reason": ["model-busy"]},
        {"from": "yesterday"},
        {"from": "2026-11-23T06:51:11"},
        {"from": "2026-11-23"},
        {"from": "2026-11-24T00:00:00Z", "to": "2026-11-23T00:00:00Z"},
        {"since": "2026-11-23T06:51:11Z"},
        {"reason": "model-busy", "by": "a" * 257},
        "all",
        None,
    ],
)
def test_a_requeue_that_makes_no_sense_is_a_problem_and_requeues_nothing(fields: object) -> None:
    table = failed(IMAGE)

    problem = handler(table)({"requeue": fields}, FakeContext())

    assert problem["status"] == 400
    assert problem["detail"].endswith(".")
    assert table.rows[IMAGE].status == Status.FAILED


def test_a_command_is_one_thing() -> None:
    event = {"requeue": {"imageId": IMAGE}, "olderThanSeconds": 0}

    assert handler(failed(IMAGE))(event, FakeContext())["status"] == 400
