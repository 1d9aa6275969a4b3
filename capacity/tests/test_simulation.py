"""The simulation against theory where that has closed forms, and what must hold of any run."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from local_aws.settings import ROOT

from capacity.admission import Api, Executions, TokenBucket, accepted, arrivals, drawn
from capacity.backlog import of_outage
from capacity.latency import erlang_loss, latency
from capacity.limits import limits
from capacity.load import Load
from capacity.simulation import Bounds, Simulated, simulate
from tests.examples import APPLICATION, labelling, model, serving, sweeping, with_limits

WIDE = replace(APPLICATION, submit=replace(APPLICATION.submit, rate=1e5, burst=1e5))
ALONE: dict[str, Any] = {
    "submit_seconds": 0,
    "function_start_seconds": 0,
    "endpoint_start_seconds": 0,
}


def _all(found: Simulated) -> float:
    refused = found.throttled + found.without_execution
    refused += found.without_object + found.without_write
    return refused + found.labelled + found.failed + found.waiting


def test_one_record_at_a_time_waits_as_an_m_d_1_queue() -> None:
    # Four lanes, each a queue of its own: a picture at a time, 0.5 s each, 70 % busy.
    single = labelling(serving(WIDE, concurrency=200), batch=1, threads=1)
    whole = model(single, spread=0, batch_seconds=0, label_seconds=0, model_seconds=0.5, **ALONE)
    found = simulate(whole, Load(4 * 0.7 / 0.5), 4000)

    assert found.stream_use == pytest.approx(0.7, abs=0.05)
    # Pollaczek and Khinchine: 0.7 x 0.5 / (2 x 0.3) of waiting on average; the median is near it.
    assert 0.5 < found.p50 < 0.5 + 2 * 0.7 * 0.5 / (2 * 0.3)


def test_calls_are_refused_as_erlang_says() -> None:
    # Single pictures on many lanes, never sent again, are Poisson calls of a place without a queue.
    many = labelling(serving(WIDE, concurrency=5), factor=10, batch=1, threads=1, retries=0)
    many = replace(many, table=replace(many.table, writes=30_000))
    many = replace(many, sweep=replace(many.sweep, after=1e9, longest=1e9))
    whole = model(many, batch_seconds=0, label_seconds=0, label_cpu_seconds=0, **ALONE)
    found = simulate(whole, Load(8), 4000)
    calls = found.labelled + found.refused_calls

    assert found.refused_calls / calls == pytest.approx(
        erlang_loss(calls / 4000 * 0.5, 5), abs=0.02
    )


def test_a_token_bucket_admits_its_size_and_then_its_rate() -> None:
    bucket = TokenBucket(10, 50)
    taken = sum(bucket.take(each) for each in np.arange(0, 10, 0.001))

    assert taken == pytest.approx(50 + 10 * 10, abs=1)


@pytest.mark.parametrize("rate", [3, 8, 40])
def test_submissions_are_drawn_as_if_each_were_asked_for(rate: float) -> None:
    whole = model(replace(WIDE, submit=replace(WIDE.submit, rate=8, burst=20, quota=10_000)))
    load, seconds = Load(rate, burst=50), 2000
    source = np.random.default_rng(1)
    each = list(accepted(Api(whole, 1), arrivals(load, seconds, 1, source), seconds))
    fewer = list(drawn(Api(whole, 1), load, seconds, 1, source))

    for found in (each, fewer):
        times, numbers, refused = zip(*found, strict=True)
        assert list(times) == sorted(times)
        assert numbers[-1] is None
        # The last is no submission.
        assert len(found) - 1 + sum(refused) == pytest.approx(rate * seconds + 50, rel=0.03)
    assert len(fewer) == pytest.approx(len(each), rel=0.03)
    assert [time for time, _, _ in fewer].count(0) == 20


def test_a_quota_of_a_day_is_good_for_each_day() -> None:
    whole = model(replace(WIDE, submit=replace(WIDE.submit, quota=100)))
    found = simulate(whole, Load(0.01), 3 * 86_400)

    assert found.submitted - found.throttled == 300
    assert found.bottleneck == "api"


def test_the_functions_share_the_accounts_executions() -> None:
    # Four of the ten are taken by look-ups on average, three by submissions, two by the labeller.
    whole = with_limits(model(WIDE, look_up_seconds=1), lambda_concurrency=10)
    shared = Executions(whole, rate=4 / 3, weight=1)
    taken = [shared.submit(0) is not None for _ in range(3)]
    taken += [shared.label(0) is not None for _ in range(2)]

    assert all(taken)
    assert shared.sweep()
    assert shared.submit(0) is None
    assert shared.label(0) is None
    shared.swept()
    assert shared.label(0) is not None
    assert not shared.sweep()


def test_each_function_is_given_as_many_environments_as_lambda_adds() -> None:
    slow = with_limits(model(WIDE), lambda_ramp=0.1, lambda_ramp_burst=1)
    functions = Executions(slow, rate=0, weight=1)
    start = slow.constants.assumed["function-start-seconds"]

    assert [functions.submit(0), functions.submit(0)] == [start, None]
    assert [functions.label(0), functions.label(0)] == [start, None]
    # One that is given back is warm for a time; after ten seconds there may be another one.
    functions.labelled(1)
    assert functions.label(2) == 0
    assert functions.label(10) == start
    functions.labelled(11)
    assert functions.label(11 + slow.constants.assumed["warm-seconds"] + 1) == start


def test_the_throttle_admits_its_rate() -> None:
    narrow = replace(WIDE, submit=replace(WIDE.submit, rate=5, burst=10))
    found = simulate(model(narrow), Load(20), 2000)

    assert found.submitted - found.throttled == pytest.approx(5 * 2000, rel=0.02)
    assert found.bottleneck == "api"


def test_a_burst_finds_the_environments_that_lambda_adds_at_once() -> None:
    found = simulate(model(WIDE, "raised"), Load(1e-9, burst=5000), 10)

    assert found.without_execution == 4000


@pytest.mark.parametrize(("writes", "index"), [(400, 4000), (4000, 200)])
def test_a_table_takes_the_writes_of_its_own_and_of_its_index(writes: int, index: int) -> None:
    table = replace(WIDE.table, writes=writes, index_writes=index)
    # Labels take no units here, and a submission takes one of either.
    whole = model(replace(WIDE, table=table), "raised", submit_seconds=0.1, table_writes=1)
    found = simulate(with_limits(whole, table_new_writes=1), Load(600), 40)

    assert found.bottleneck == "table"
    assert (found.submitted - found.without_write) / 40 == pytest.approx(
        min(writes, index), rel=0.05
    )


def test_a_label_that_the_table_does_not_take_is_written_later() -> None:
    narrow = with_limits(model(labelling(WIDE, factor=2)), table_new_writes=6)
    found = simulate(narrow, Load(4), 200)

    # A submission takes a unit, its label two: less is labelled than a third of the units.
    assert found.bottleneck == "table"
    assert found.throughput < 6 / 3
    assert found.waiting > 0


def test_the_analytic_model_and_the_simulation_agree_while_nothing_is_overloaded() -> None:
    calm = model(serving(WIDE, concurrency=100))
    for rate in (1, 5, 10):
        computed, found = latency(calm, rate), simulate(calm, Load(rate), 2000)
        assert found.throughput == pytest.approx(rate, rel=0.1)
        assert found.p50 == pytest.approx(computed.p50, rel=0.2)


def test_an_overloaded_stream_labels_what_its_limit_says() -> None:
    calm = model(serving(WIDE, concurrency=100))
    (limit,) = [each.pictures for each in limits(calm) if each.title.startswith("the stream")]
    found = simulate(calm, Load(2 * limit), 1500)

    assert found.throughput == pytest.approx(limit, rel=0.1)
    assert found.bottleneck == "stream"


def test_several_pictures_for_one_find_the_same_as_each_for_itself() -> None:
    wide = labelling(serving(WIDE, concurrency=200), factor=10)
    wide = replace(wide, table=replace(wide.table, writes=16_000))
    one, several, fewest = (
        simulate(model(wide, "raised"), Load(100), 300, Bounds(pictures=each))
        for each in (100_000, 5000, 500)
    )

    assert one.weight < several.weight < fewest.weight
    for found in (several, fewest):
        assert found.throughput == pytest.approx(one.throughput, rel=0.1)
        assert found.p50 == pytest.approx(one.p50, rel=0.2)


def test_what_an_outage_leaves_is_swept_until_all_is_labelled() -> None:
    found = simulate(model(serving(WIDE, concurrency=40)), Load(1, outage=600), 12_000)

    assert found.swept > 0
    assert math.isfinite(found.drained)
    assert found.drained > 0
    assert found.waiting < 10


@pytest.mark.parametrize("limit", [20, 50])
def test_the_sweep_drains_as_the_analytic_model_says(limit: int) -> None:
    narrow = model(sweeping(serving(WIDE, concurrency=40), every=60, limit=limit))
    load = Load(1, outage=1200)
    computed, found = of_outage(narrow, load, 1), simulate(narrow, load, 9000)

    assert computed.a_second == limit / 60
    # No picture waits longer than computed; the first are due while others still wait.
    sent = computed.swept / computed.a_second
    assert 0.95 * sent <= found.drained <= 1.05 * computed.seconds


def test_calls_of_an_instance_wait_and_none_is_refused() -> None:
    busy = labelling(serving(WIDE, serverless=False, most=2), factor=10)
    found = simulate(model(busy), Load(30), 300)

    assert found.refused_calls == found.swept == 0
    assert found.bottleneck == "endpoint"
    # Four processors, 0.2 s each.
    assert found.throughput == pytest.approx(4 / 0.2, rel=0.05)


@pytest.mark.parametrize(
    "load", [Load(1e6), Load(1e6, burst=1e8), Load(1e6, outage=14 * 86_400)], ids=str
)
def test_a_simulation_ends_whatever_comes(load: Load) -> None:
    # given an application that refuses nothing, and batches that stand for few others
    every = replace(WIDE, submit=replace(WIDE.submit, rate=1e6, burst=1e9))
    most = Bounds(events=20_000)

    # when it is simulated for a week
    found = simulate(model(every, "raised"), load, 7 * 86_400, most)

    # then it ends after so many events, and has counted what came until then
    assert 0 < found.submitted / found.weight <= most.events
    assert found.seconds < 86_400
    assert _all(found) == pytest.approx(found.submitted)
    assert math.isinf(found.drained) or not load.outage


def test_an_hour_of_ten_thousand_a_second_takes_less_than_the_events_there_may_be() -> None:
    wide = labelling(serving(WIDE, concurrency=200), factor=10)
    found = simulate(model(wide, "raised"), Load(10_000), 3600, Bounds(events=1000))
    pictures = 10_000 * 3600 / found.weight

    # A submission is two events, and what few pictures are labelled take less than as many again.
    assert 4 * pictures < Bounds().events


def test_what_is_surely_refused_takes_no_events() -> None:
    found = simulate(model(), Load(1e6, burst=1e8), 1, Bounds(events=20_000))

    assert found.seconds == 1
    assert found.submitted == pytest.approx(1e6 + 1e8, rel=0.01)
    assert found.submitted - found.throttled == pytest.approx(100 + 200, abs=5)


def test_a_rare_picture_finds_the_endpoint_cold_and_a_warm_one_does_not() -> None:
    rare = Load(1 / 3600)
    cold = simulate(model(WIDE), rare, 400_000).p50
    warm = simulate(model(serving(WIDE, provisioned=5)), rare, 400_000).p50

    assert cold - warm == pytest.approx(15, abs=2)


@settings(max_examples=25)
@given(
    st.floats(0.1, 30),
    st.integers(0, 50),
    st.sampled_from([0.0, 60.0]),
    st.integers(1, 30),
    st.integers(1, 10),
)
def test_no_picture_is_lost_whatever_comes(
    rate: float, burst: int, outage: float, places: int, factor: int
) -> None:
    whole = model(labelling(serving(concurrency=places), factor=factor), "new")
    found = simulate(whole, Load(rate, burst, outage), 240)

    assert _all(found) == pytest.approx(found.submitted)
    assert found.throughput <= rate + burst + 5


@settings(max_examples=15)
@given(st.floats(1, 20), st.integers(1, 4))
def test_more_shards_never_label_less(rate: float, factor: int) -> None:
    less, more = (
        simulate(model(labelling(serving(WIDE, concurrency=200), factor=each)), Load(rate), 300)
        for each in (factor, factor + 3)
    )

    assert more.labelled >= less.labelled * 0.98


def test_the_page_has_the_bounds_of_a_simulation() -> None:
    page = " ".join((ROOT / "docs/source/capacity.md").read_text().split())

    assert f"Of more than {Bounds().pictures:,} pictures, each stands for several" in page
    assert f"A simulation ends after {Bounds().events:,} events" in page
