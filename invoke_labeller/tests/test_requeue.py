from dataclasses import replace
from datetime import datetime, timedelta

from invoke_labeller.failure import Failure, FailureCode
from invoke_labeller.requeue import INTERVAL_SECONDS, LIMIT, Requeue, Selection
from invoke_labeller.row import Status
from tests.fakes import FakeTable
from tests.support import START, FakeClock

HOUR = timedelta(hours=1)


def always() -> bool:
    return True


def fail(table: FakeTable, image_id: str, code: FailureCode, at: datetime) -> None:
    table.rows[image_id].status = Status.FAILED
    table.rows[image_id].failure = Failure(code, "No.", at)


def failed(
    count: int, code: FailureCode = FailureCode.MODEL_BUSY, at: datetime = START - HOUR
) -> FakeTable:
    table = FakeTable(*[f"{number:04}" for number in range(count)])
    for number, image_id in enumerate(table.rows):
        fail(table, image_id, code, at + timedelta(seconds=number))
    return table


def requeue_of(table: FakeTable, clock: FakeClock | None = None) -> Requeue:
    clock = clock or FakeClock()
    return Requeue(table, clock, clock.advance)


def statuses(table: FakeTable) -> str:
    return "".join(row.status[0] for row in table.rows.values())


def test_a_requeued_picture_has_its_whole_time_again() -> None:
    table, clock = failed(1), FakeClock()
    table.rows["0000"].swept_since = table.rows["0000"].last_attempt_at = START
    table.rows["0000"].attempts = 28

    assert requeue_of(table, clock).one("0000").requeued == 1

    row = table.rows["0000"]
    assert (row.status, row.attempts, row.swept_since) == (Status.NOT_CLASSIFIED, 0, None)
    assert (row.last_attempt_at, row.failure) == (None, None)


def test_what_is_labelled_gone_or_waits_is_left_alone() -> None:
    table = FakeTable("0a", "0b")
    table.rows["0a"].status = Status.CLASSIFIED
    before = {image_id: replace(row) for image_id, row in table.rows.items()}

    results = [requeue_of(table).one(image_id) for image_id in ("0a", "0b", "gone")]

    assert [(done.requeued, done.skipped) for done in results] == [(0, 1)] * 3
    assert table.rows == before


def test_a_reason_takes_its_own_alone() -> None:
    table = failed(3)
    fail(table, "0001", FailureCode.UNDECODABLE, START - HOUR)

    done = requeue_of(table).several(Selection(FailureCode.MODEL_BUSY), always)

    assert (done.requeued, done.rest) == (2, None)
    assert statuses(table) == "NFN"


def test_a_span_takes_every_reason_those_that_failed_first_first() -> None:
    table = failed(LIMIT)
    extra = FakeTable("f0", "f1")
    table.rows |= extra.rows
    fail(table, "f0", FailureCode.UNDECODABLE, START - 2 * HOUR)
    fail(table, "f1", FailureCode.MODEL_REFUSED, START)

    done = requeue_of(table).several(Selection(start=START - 3 * HOUR), always)

    assert done.requeued == LIMIT
    assert table.rows["f0"].status == Status.NOT_CLASSIFIED
    assert table.rows["f1"].status == Status.FAILED


def test_a_call_is_limited_and_comes_slowly() -> None:
    table, clock = failed(LIMIT + 1), FakeClock()

    done = requeue_of(table, clock).several(Selection(FailureCode.MODEL_BUSY), always)

    assert done.requeued == LIMIT
    assert clock() - START >= (LIMIT - 1) * timedelta(seconds=INTERVAL_SECONDS)
    assert done.rest


def test_what_fails_again_is_not_requeued_again() -> None:
    table, clock = failed(2 * LIMIT), FakeClock()
    requeue = requeue_of(table, clock)

    rest: Selection | None = Selection(FailureCode.MODEL_BUSY)
    total = 0
    for _ in range(10):
        if not rest:
            break
        done = requeue.several(rest, always)
        total, rest = total + done.requeued, done.rest
        clock.advance(1)
        for image_id, row in table.rows.items():
            if row.status == Status.NOT_CLASSIFIED:
                fail(table, image_id, FailureCode.MODEL_BUSY, clock())

    assert rest is None
    assert total == 2 * LIMIT


def test_rows_that_cannot_be_requeued_do_not_hold_up_the_rest() -> None:
    # given many that have expired, which the table refuses and the index still shows
    class Expired(FakeTable):
        def requeue(self, image_id: str, at: datetime) -> bool:
            return int(image_id) >= 150 and super().requeue(image_id, at)

    table = failed(200)
    expired = Expired(*table.rows)
    expired.rows = table.rows
    requeue = requeue_of(expired)

    rest: Selection | None = Selection(FailureCode.MODEL_BUSY)
    requeued = skipped = 0
    for _ in range(10):
        if not rest:
            break
        done = requeue.several(rest, always)
        requeued, skipped, rest = requeued + done.requeued, skipped + done.skipped, done.rest

    assert rest is None
    assert requeued == 50
    assert skipped >= 150


def test_a_run_that_is_out_of_time_says_where_to_go_on() -> None:
    table = failed(3)
    time = iter([True, True, False])

    done = requeue_of(table).several(Selection(FailureCode.MODEL_BUSY), lambda: next(time))

    assert done.requeued == 2
    assert done.rest == Selection(
        FailureCode.MODEL_BUSY, START - HOUR + timedelta(seconds=1), START
    )
