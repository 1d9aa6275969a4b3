import math
from dataclasses import replace

import pytest

from capacity import backlog
from capacity.limits import stream
from capacity.load import Load
from capacity.model import Model
from tests.examples import APPLICATION, labelling, model, serving, sweeping, with_limits


def test_an_outage_is_left_to_the_sweep_as_far_as_the_stream_comes() -> None:
    # Little enough for every batch to be retried in time: all are given up by the stream.
    found = backlog.of_outage(model(), Load(1, outage=3600), 1)

    assert found.pictures == found.swept == 3600
    assert found.a_second == pytest.approx(1024 / 300)
    # 3,600 at 1,024 in five minutes, after an hour's wait and up to a run.
    assert found.seconds == pytest.approx(3600 / (1024 / 300) + 3600 + 300)
    assert not found.given_up


def test_the_sweep_drains_no_faster_than_what_is_left_over() -> None:
    whole = model(serving(concurrency=2))

    # Four pictures a second are labelled, three of them as they come.
    assert backlog.of_outage(whole, Load(3, outage=60), 3).a_second == pytest.approx(1)


def test_what_waits_for_longer_than_a_day_is_given_up() -> None:
    found = backlog.of_outage(model(labelling(factor=10)), Load(30, outage=12 * 3600), 30)

    assert found.given_up


def test_more_than_is_labelled_never_drains() -> None:
    found = backlog.of_outage(model(), Load(50, outage=60), 50)

    assert math.isinf(found.seconds)


def test_a_burst_is_admitted_up_to_the_throttle() -> None:
    found = backlog.of_burst(model(), Load(1, burst=1000), 1)

    assert found.pictures == 200
    assert found.seconds == pytest.approx(200 / (stream(model()).pictures - 1))


FAST = sweeping(labelling(serving(concurrency=200), factor=10), every=60, limit=4000)


@pytest.mark.parametrize(
    ("whole", "bound", "a_second"),
    # While one picture a second comes; each by the arithmetic that a reader can repeat.
    [
        (model(sweeping(FAST, limit=600)), "the sweep: 600 pictures every 1 min", 600 / 60),
        (model(sweeping(FAST, every=600)), "the sweep: 4,000 pictures every 10 min", 4000 / 600),
        (
            model(sweeping(FAST, limit=8192)),
            "the sweep's threads and processor",
            256 / 1769 / 0.0015,
        ),
        (model(serving(FAST, concurrency=10)), "the endpoint's places", 10 / 0.5 - 1),
        # Those that come take three write units; of the backlog each takes a label's two, and one
        # when it is sent again.
        (
            with_limits(model(FAST, "raised"), table_new_writes=63),
            "the table's warm throughput",
            (63 - 1 * 3) / (2 + 1),
        ),
        # An entry of the index is put, moved, which takes two, and deleted.
        (
            with_limits(
                model(replace(FAST, table=replace(FAST.table, writes=4000)), "raised"),
                table_new_writes=62,
            ),
            "the index's warm throughput",
            (62 - 1 * 2) / (1 + 2),
        ),
        (
            with_limits(
                model(replace(FAST, table=replace(FAST.table, index_shards=4)), "raised"),
                partition_writes=20,
                table_new_writes=4000,
            ),
            "the 4 partition keys of the index of pending rows",
            (4 * 20 - 1 * 2) / (1 + 2),
        ),
    ],
)
def test_what_bounds_the_recovery_is_named(whole: Model, bound: str, a_second: float) -> None:
    found = backlog.of_outage(whole, Load(1, outage=36_000), 1)

    assert found.bound == bound
    assert found.a_second == pytest.approx(a_second)


def test_the_recovery_has_what_the_executions_of_the_others_leave() -> None:
    whole = model(labelling(serving(sweeping(FAST, limit=8192), concurrency=200)), "new")
    (found,) = [
        each for each in backlog.recovery(whole, 2, swept=True) if each.kind == "executions"
    ]
    labelled = whole.service.seconds(10) / 10
    submitted = 1 + 3 * 0.05

    taken = whole.sweeping + 2 * (submitted + labelled)
    assert found.pictures == pytest.approx((10 - taken) / labelled)


def test_what_waits_in_the_stream_needs_no_sweep() -> None:
    kinds = [each.kind for each in backlog.recovery(model(APPLICATION), 1, swept=False)]

    assert "sweep" not in kinds
