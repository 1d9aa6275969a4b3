import threading
import time
from collections import Counter
from datetime import timedelta

import pytest

from invoke_labeller.failure import FailureCode
from invoke_labeller.ports import PendingRow
from invoke_labeller.row import Status
from invoke_labeller.sweep import LONGEST_WAIT, READ_PER_SHARD, SHARDS, THREADS, Pace, Sweep
from invoke_labeller.times import to_text
from tests.fakes import FakeTable
from tests.support import START, FakeClock

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
MINUTES = 60
AT_ONCE = timedelta(0)
LIMIT = 1024


def always() -> bool:
    return True


def sweep_of(table: FakeTable, clock: FakeClock | None = None) -> Sweep:
    return Sweep(table, clock or FakeClock(), Pace(QUARTER, DAY, LIMIT))


def waiting_since(table: FakeTable, image_id: str, minutes: float) -> None:
    table.rows[image_id].since = to_text(START - timedelta(minutes=minutes))


def test_a_picture_that_waits_too_long_is_touched() -> None:
    table = FakeTable("0a", "fb")
    for image_id in table.rows:
        waiting_since(table, image_id, 16)

    swept = sweep_of(table).run(None, always)

    assert (swept.touched, swept.abandoned, swept.errors) == (2, 0, [])
    assert {row.since for row in table.rows.values()} == {to_text(START)}
    assert {row.attempts for row in table.rows.values()} == {1}


def test_every_shard_is_swept() -> None:
    table = FakeTable(*SHARDS)

    assert sweep_of(table).run(AT_ONCE, always).touched == 16


def test_a_picture_that_does_not_wait_long_yet_is_left_alone() -> None:
    table = FakeTable("0a")
    waiting_since(table, "0a", 14)

    assert sweep_of(table).run(None, always).touched == 0
    assert table.rows["0a"].attempts == 0


def test_a_picture_waits_longer_after_each_attempt_up_to_an_hour() -> None:
    table, clock = FakeTable("0a"), FakeClock()
    sweep = sweep_of(table, clock)

    swept_at = []
    for minute in range(0, 6 * MINUTES, 5):
        if sweep.run(None, always).touched:
            swept_at.append(minute)
        clock.advance(5 * MINUTES)

    assert swept_at == [15, 35, 70, 135, 200, 265, 330]


def test_a_picture_is_given_up_by_its_age_after_a_last_attempt() -> None:
    table, clock = FakeTable("0a"), FakeClock()
    sweep = sweep_of(table, clock)

    touched, last, ended = 0, None, None
    while not ended:
        clock.advance(5 * MINUTES)
        swept = sweep.run(None, always)
        touched += swept.touched
        last = last or table.rows["0a"].last_attempt_at
        ended = clock() if swept.abandoned else None
        assert swept.touched + swept.abandoned <= 1

    first = table.rows["0a"].swept_since
    assert first
    assert last
    assert DAY < last - first <= DAY + LONGEST_WAIT + QUARTER
    assert LONGEST_WAIT < ended - last < 2 * LONGEST_WAIT
    assert touched <= 29
    row = table.rows["0a"]
    assert (row.status, row.code) == (Status.FAILED, FailureCode.UNFINISHED)


def test_manual_sweeps_give_nothing_up() -> None:
    table, clock = FakeTable("0a"), FakeClock()
    sweep = sweep_of(table, clock)

    for _ in range(500):
        clock.advance(1)
        assert sweep.run(AT_ONCE, always).touched == 1

    row = table.rows["0a"]
    assert (row.status, row.attempts, row.last_attempt_at) == (Status.NOT_CLASSIFIED, 0, None)


def test_a_manual_sweep_takes_what_still_has_to_wait_and_leaves_it_its_attempts() -> None:
    table, clock = FakeTable("0a"), FakeClock()
    sweep = sweep_of(table, clock)
    while table.rows["0a"].attempts < 3:
        clock.advance(5 * MINUTES)
        sweep.run(None, always)
    assert table.rows["0a"].since > to_text(clock())

    assert sweep.run(timedelta(hours=2), always).touched == 0
    clock.advance(1)
    assert sweep.run(AT_ONCE, always).touched == 1
    assert sweep.run(timedelta(minutes=1), always).touched == 0, "its last attempt was just now"
    assert table.rows["0a"].attempts == 3


def test_a_long_time_without_a_sweep_gives_nothing_up() -> None:
    table, clock = FakeTable("0a"), FakeClock()
    sweep = sweep_of(table, clock)
    clock.advance(7 * 86_400)

    assert sweep.run(None, always).touched == 1
    clock.advance(7 * 86_400)
    swept = sweep.run(None, always)

    assert (swept.touched, swept.abandoned) == (1, 0)
    assert table.rows["0a"].last_attempt_at == clock()


def test_a_manual_sweep_takes_no_last_attempt_for_lost_while_it_may_be_under_way() -> None:
    table, clock = FakeTable("0a"), FakeClock()
    sweep = sweep_of(table, clock)
    sweep.run(AT_ONCE, always)
    clock.advance(DAY.total_seconds() + 1)
    sweep.run(AT_ONCE, always)
    assert table.rows["0a"].last_attempt_at

    for _ in range(64):
        clock.advance(MINUTES)
        assert sweep.run(AT_ONCE, always).abandoned == 0
    clock.advance(2 * MINUTES)
    assert sweep.run(AT_ONCE, always).abandoned == 1


def test_more_time_that_is_granted_during_an_outage_counts() -> None:
    table, clock = FakeTable("0a"), FakeClock()
    sweep_of(table, clock).run(AT_ONCE, always)
    clock.advance(DAY.total_seconds() + 1)
    sweep_of(table, clock).run(AT_ONCE, always)
    assert table.rows["0a"].last_attempt_at

    clock.advance(2 * LONGEST_WAIT.total_seconds())
    Sweep(table, clock, Pace(QUARTER, 3 * DAY, LIMIT)).run(AT_ONCE, always)

    held = table.rows["0a"]
    assert (held.status, held.last_attempt_at) == (Status.NOT_CLASSIFIED, None)


def test_a_row_that_is_labelled_or_deleted_meanwhile_is_left_alone() -> None:
    class Meanwhile(FakeTable):
        def _seen(self, row: PendingRow) -> None:
            assert row.image_id in ("0a", "0b")
            self.rows["0a"].status = Status.CLASSIFIED
            self.rows.pop("0b", None)

    table = Meanwhile("0a", "0b")

    swept = sweep_of(table).run(AT_ONCE, always)

    assert (swept.touched, swept.abandoned, swept.errors) == (0, 0, [])
    assert list(table.rows) == ["0a"]


def test_a_run_is_limited_and_takes_from_every_shard_in_turn() -> None:
    many = [f"{shard}{number:03}" for shard in "01234567" for number in range(200)]
    table, clock = FakeTable(*many, "f"), FakeClock()
    sweep = sweep_of(table, clock)

    assert sweep.run(AT_ONCE, always).touched == LIMIT
    shards = Counter(image_id[0] for image_id in table.touched)
    assert shards.pop("f") == 1
    assert max(shards.values()) - min(shards.values()) <= 1
    clock.advance(QUARTER.total_seconds() + 1)
    assert set(table.touched) < {*many, "f"}


def test_a_run_ends_with_its_time() -> None:
    table = FakeTable("0a", "0b", "0c")
    time_left = iter([True] * 16 + [True, True, False])

    assert sweep_of(table).run(AT_ONCE, lambda: next(time_left)).touched == 2


def test_a_run_that_is_out_of_time_reads_nothing() -> None:
    table = FakeTable("0a")
    table.down = True

    assert sweep_of(table).run(AT_ONCE, lambda: False).errors == []


def test_a_row_that_cannot_be_written_does_not_hide_the_next() -> None:
    table = FakeTable("0a", "0b", "1c")
    table.broken = {"0a", "shard 2"}

    swept = sweep_of(table).run(AT_ONCE, always)

    assert swept.touched == 2
    assert sorted(swept.errors) == ["0a: The table is throttled", "Shard 2: The table is throttled"]
    assert table.rows["0a"].status == Status.NOT_CLASSIFIED


@pytest.mark.parametrize("shard", ["0", "7", "f"])
def test_rows_that_are_slow_to_fail_hold_up_neither_their_shard_nor_another(shard: str) -> None:
    # given more of them than a run has time for, longer waiting than any other
    bad = [f"{shard}{number:03}-bad" for number in range(200)]
    good = [f"{each}{number}-good" for each in SHARDS for number in range(5)]
    table = FakeTable(*bad, *good)
    table.broken = set(bad)
    for image_id in bad:
        waiting_since(table, image_id, 60)

    class Failed(threading.local):
        number = 0

    failed = Failed()

    def fail(image_id: str) -> None:
        failed.number += image_id in table.broken

    table.slow = fail

    # when a run has time for five of them in each of its threads
    def run() -> None:
        sweep_of(table).run(AT_ONCE, lambda: failed.number < 5)

    run()

    # then those of the other shards come with the first
    assert {each for each in good if each[0] != shard} <= set(table.touched)

    # and those of the same shard with a later one
    for _ in range(30):
        run()
    assert set(table.touched) == set(good)


def test_a_row_that_takes_for_ever_keeps_one_thread() -> None:
    started, release = threading.Semaphore(0), threading.Event()
    table = FakeTable("0slow", *[f"0{number:02}" for number in range(3 * THREADS)])

    def slow(image_id: str) -> None:
        if image_id == "0slow":
            started.release()
            release.wait(30)

    table.slow = slow
    run = threading.Thread(target=sweep_of(table).run, args=(AT_ONCE, always))
    run.start()
    assert started.acquire(timeout=30)
    deadline = time.monotonic() + 30
    while len(table.touched) < 3 * THREADS and time.monotonic() < deadline:
        time.sleep(0.01)

    assert len(table.touched) == 3 * THREADS
    release.set()
    run.join(30)


def test_more_rows_than_are_read_that_cannot_be_written_hide_none_that_is_as_old() -> None:
    bad = [f"0{number:03}-bad" for number in range(READ_PER_SHARD - 1)]
    table = FakeTable(*bad, "0-good")
    table.broken = set(bad)

    sweep_of(table).run(AT_ONCE, always)

    assert table.touched == ["0-good"]
