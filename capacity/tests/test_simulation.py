"""The simulation against theory where that has closed forms, and what must hold of any run."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.admission import TokenBucket
from capacity.latency import erlang_loss, latency
from capacity.load import Load
from capacity.simulation import Simulated, simulate
from tests.examples import APPLICATION, CONSTANTS, labelling, model, serving

WIDE = replace(APPLICATION, submit=replace(APPLICATION.submit, rate=1e5, burst=1e5))
WRITES = CONSTANTS.limits["table-new-writes"]
ALONE: dict[str, Any] = {
    "submit_seconds": 0,
    "function_start_seconds": 0,
    "endpoint_start_seconds": 0,
}


def _all(found: Simulated) -> float:
    refused = found.throttled + found.without_execution + found.without_write
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


def test_the_throttle_admits_its_rate() -> None:
    narrow = replace(WIDE, submit=replace(WIDE.submit, rate=5, burst=10))
    found = simulate(model(narrow), Load(20), 2000)

    assert found.submitted - found.throttled == pytest.approx(5 * 2000, rel=0.02)
    assert found.bottleneck == "api"


def test_a_burst_finds_the_environments_that_lambda_adds_at_once() -> None:
    found = simulate(model(WIDE, "raised"), Load(1e-9, burst=5000), 10)

    assert found.without_execution == 4000


def test_a_table_takes_the_writes_of_a_new_one() -> None:
    found = simulate(model(WIDE, "raised", submit_seconds=0.1), Load(6000), 40)

    assert (found.submitted - found.without_write) / 40 == pytest.approx(4000, rel=0.05)


def test_a_label_that_the_table_does_not_take_is_written_later() -> None:
    limits = {**CONSTANTS.limits, "table-new-writes": replace(WRITES, value=6)}
    narrow = replace(model(labelling(WIDE, factor=2)), constants=replace(CONSTANTS, limits=limits))
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
    (limit,) = [each.pictures for each in calm.limits() if each.title.startswith("the stream")]
    found = simulate(calm, Load(2 * limit), 1500)

    assert found.throughput == pytest.approx(limit, rel=0.1)
    assert found.bottleneck == "stream"


def test_several_pictures_for_one_find_the_same_as_each_for_itself() -> None:
    wide = labelling(serving(WIDE, concurrency=200), factor=10)
    wide = replace(wide, table=replace(wide.table, writes=16_000))
    one, several = (
        simulate(model(wide, "raised"), Load(100), 300, budget) for budget in (100_000, 5000)
    )

    assert one.weight < several.weight
    assert several.throughput == pytest.approx(one.throughput, rel=0.1)
    assert several.p50 == pytest.approx(one.p50, rel=0.2)


def test_what_an_outage_leaves_is_swept_until_all_is_labelled() -> None:
    found = simulate(model(serving(WIDE, concurrency=40)), Load(1, outage=600), 12_000)

    assert found.swept > 0
    assert math.isfinite(found.drained)
    assert found.drained > 0
    assert found.waiting < 10


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
