from datetime import timedelta

from invoke_labeller.ports import PendingRow
from invoke_labeller.status import CLASSIFIED, FAILED, NOT_CLASSIFIED
from invoke_labeller.sweep import ABANDONED, LIMIT_PER_SHARD, SHARDS, Sweep
from invoke_labeller.times import to_text
from tests.fakes import FakeTable
from tests.support import START, FakeClock

QUARTER = timedelta(minutes=15)


def always() -> bool:
    return True


def waiting_since(table: FakeTable, image_id: str, minutes: float) -> None:
    table.rows[image_id].since = to_text(START - timedelta(minutes=minutes))


def test_a_picture_that_waits_too_long_is_touched() -> None:
    table = FakeTable("0a", "fb")
    for image_id in table.rows:
        waiting_since(table, image_id, 16)

    swept = Sweep(table, FakeClock()).run(QUARTER, always)

    assert (swept.touched, swept.abandoned, swept.errors) == (2, 0, [])
    assert {row.since for row in table.rows.values()} == {to_text(START)}
    assert {row.attempts for row in table.rows.values()} == {1}


def test_every_shard_is_swept() -> None:
    table = FakeTable(*SHARDS)

    assert Sweep(table, FakeClock()).run(timedelta(0), always).touched == 16


def test_a_picture_that_does_not_wait_long_yet_is_left_alone() -> None:
    table = FakeTable("0a")
    waiting_since(table, "0a", 14)

    assert Sweep(table, FakeClock()).run(QUARTER, always).touched == 0
    assert table.rows["0a"].attempts == 0


def test_a_touched_picture_waits_anew() -> None:
    table, clock = FakeTable("0a"), FakeClock()
    sweep = Sweep(table, clock)
    waiting_since(table, "0a", 16)

    runs = []
    for _ in range(5):
        runs.append(sweep.run(QUARTER, always).touched)
        clock.advance(301)

    assert runs == [1, 0, 0, 1, 0]


def test_a_picture_is_abandoned_after_its_last_attempt() -> None:
    table, clock = FakeTable("0a", max_sweeps=3), FakeClock()
    sweep = Sweep(table, clock)

    totals = []
    for _ in range(5):
        clock.advance(901)
        swept = sweep.run(QUARTER, always)
        totals.append((swept.touched, swept.abandoned))

    assert totals == [(1, 0), (1, 0), (1, 0), (0, 1), (0, 0)]
    assert (table.rows["0a"].status, table.rows["0a"].reason) == (FAILED, ABANDONED)


def test_a_row_that_is_labelled_or_deleted_meanwhile_is_left_alone() -> None:
    class Meanwhile(FakeTable):
        def _seen(self, row: PendingRow) -> None:
            assert row.image_id in ("0a", "0b")
            self.rows["0a"].status = CLASSIFIED
            self.rows.pop("0b", None)

    table = Meanwhile("0a", "0b")

    swept = Sweep(table, FakeClock()).run(timedelta(0), always)

    assert (swept.touched, swept.abandoned, swept.errors) == (0, 0, [])
    assert list(table.rows) == ["0a"]


def test_a_run_is_limited_and_the_next_goes_on_with_those_that_wait_longest() -> None:
    many = [f"0{number:03}" for number in range(LIMIT_PER_SHARD + 10)]
    table, clock = FakeTable(*many, "f"), FakeClock()
    sweep = Sweep(table, clock)

    assert sweep.run(QUARTER - QUARTER, always).touched == LIMIT_PER_SHARD + 1
    clock.advance(1)
    assert table.touched[-1] == "f", "no shard starves another"
    sweep.run(timedelta(0), always)
    assert set(table.touched) == {*many, "f"}


def test_a_run_ends_with_its_time() -> None:
    table = FakeTable("0a", "0b", "0c")
    time = iter([True, True, False])

    assert Sweep(table, FakeClock()).run(timedelta(0), lambda: next(time)).touched == 2


def test_a_row_that_cannot_be_written_does_not_hide_the_next() -> None:
    table = FakeTable("0a", "0b", "1c")
    table.broken = {"0a", "shard 2"}

    swept = Sweep(table, FakeClock()).run(timedelta(0), always)

    assert swept.touched == 2
    assert swept.errors == ["0a: The table is throttled", "Shard 2: The table is throttled"]
    assert table.rows["0a"].status == NOT_CLASSIFIED
