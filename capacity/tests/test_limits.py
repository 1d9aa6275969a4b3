import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.limits import USED_AT_MOST, Limit, limits
from capacity.model import Model
from tests.examples import APPLICATION, FUNCTION, labelling, model, serving, sweeping


def _limit(whole: Model, words: str) -> Limit:
    (found,) = [each for each in limits(whole) if words in each.title]
    return found


def test_the_first_bottleneck_comes_first() -> None:
    found = [each.pictures for each in limits(model())]

    assert found == sorted(found)


@pytest.mark.parametrize(
    ("words", "pictures"),
    [
        # Each by the arithmetic that a reader can repeat.
        ("submissions that the API accepts", 100),
        ("look-ups that the API accepts", 1000 / 3),
        ("API Gateway's requests", 10_000 / 4),
        ("the serverless endpoint's MaxConcurrency", 20 / 0.5),
        ("the account's serverless concurrency", 200 / 0.5),
        ("the table's warm throughput", 4000 / 3),
        ("the index's warm throughput", 4000 / 2),
        ("the quota of the table's writes", 40_000 / 3),
        ("16 partition keys of the index", 16 * 1000 / 2),
        ("S3's PUT requests", 3500),
    ],
)
def test_a_limit_is_the_quotient_of_what_there_is_and_what_a_picture_takes(
    words: str, pictures: float
) -> None:
    assert _limit(model(), words).pictures == pytest.approx(pictures)


def test_the_stream_is_shards_times_factor_times_what_a_batch_yields() -> None:
    even = model(labelling(factor=3), spread=0, batch_seconds=0)

    # Ten pictures of 0.8 s on four threads take three rounds; a new table's stream has four shards.
    assert _limit(even, "the stream").pictures == pytest.approx(4 * 3 * 10 / (3 * 0.8))


def test_warm_throughput_divides_the_stream_into_more_shards() -> None:
    table = replace(APPLICATION.table, writes=12_000)

    assert model(replace(APPLICATION, table=table)).shards == 12


def test_a_new_account_ends_where_ten_executions_do() -> None:
    whole = model(account="new")
    of_a_picture = 1 + 3 * 0.05 + whole.service.seconds(10) / 10
    # The sweep takes an execution while it runs.
    left = 10 - whole.sweeping

    assert _limit(whole, "concurrent executions").pictures == pytest.approx(left / of_a_picture)


def test_reserved_executions_are_nobody_elses() -> None:
    submit = replace(APPLICATION.submit, function=replace(FUNCTION, reserved=4))
    whole = model(replace(APPLICATION, submit=submit), "new")
    of_a_picture = 3 * 0.05 + whole.service.seconds(10) / 10

    # Submissions take none of the six that are left.
    assert _limit(whole, "concurrent executions").pictures == pytest.approx(
        (6 - whole.sweeping) / of_a_picture
    )
    assert _limit(whole, "reserved for SubmitImage").pictures == pytest.approx(4 / 1)


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        # Sixteen at once in 10 ms each need 0.6 ms, and 1.5 ms of a seventh of a processor 10 ms.
        ({}, 0.0015 / (256 / 1769)),
        ({"memory": 1769 * 4}, 0.01 / 16),
        ({"memory": 1769 * 4, "threads": 1}, 0.01),
    ],
)
def test_the_sweep_is_as_fast_as_its_threads_and_its_processor(
    changes: dict[str, Any], seconds: float
) -> None:
    assert model(sweeping(**changes)).touch == pytest.approx(seconds)


def test_a_quota_that_is_raised_limits_nothing_and_what_aws_does_not_raise_still_does() -> None:
    raised = model(account="raised")

    assert math.isinf(_limit(raised, "concurrent executions").pictures)
    assert _limit(raised, "MaxConcurrency").lever is not None
    assert math.isfinite(_limit(raised, "S3's PUT").pictures)


def test_instances_serve_what_their_processors_do() -> None:
    whole = model(serving(serverless=False, instance="ml.c5.2xlarge", most=10))

    assert _limit(whole, "10 instances ml.c5.2xlarge").pictures == pytest.approx(10 * 8 / 0.2)


def test_a_daily_quota_is_spread_over_the_day() -> None:
    whole = model(replace(APPLICATION, submit=replace(APPLICATION.submit, quota=86_400)))

    assert _limit(whole, "requests a day").pictures == pytest.approx(1)


@given(st.floats(0.01, 1000))
def test_what_a_lever_says_is_needed_is_enough(rate: float) -> None:
    whole = model()

    for each in limits(whole):
        if each.lever is not None and math.isfinite(each.lever.now):
            share = each.lever.needed(rate) / each.lever.now
            assert each.pictures * share * USED_AT_MOST >= rate * 0.999


@given(st.integers(1, 10), st.integers(1, 10), st.integers(1, 20))
def test_more_of_anything_never_labels_less(factor: int, further: int, threads: int) -> None:
    less = labelling(factor=factor, threads=threads)
    more = labelling(factor=factor + further, threads=threads)

    assert _limit(model(more), "the stream").pictures >= _limit(model(less), "the stream").pictures
