import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.latency import batch_size, erlang_delay, erlang_loss, latency
from tests.examples import APPLICATION, labelling, model, serving

IDLE = 0.1  # a second: nothing waits for anything


@pytest.mark.parametrize(
    ("offered", "places", "lost"),
    # From the tables of Erlang B.
    [(1, 1, 0.5), (5, 10, 0.0184), (10, 10, 0.2146), (0.5, 2, 0.0769)],
)
def test_erlangs_loss_is_that_of_the_tables(offered: float, places: int, lost: float) -> None:
    assert erlang_loss(offered, places) == pytest.approx(lost, abs=5e-5)


@pytest.mark.parametrize(
    ("offered", "places", "waits"),
    # From the tables of Erlang C; a single place is busy for as much as it is offered.
    [(0.5, 1, 0.5), (1, 2, 0.3333), (5, 10, 0.0361), (8, 10, 0.4092)],
)
def test_erlangs_delay_is_that_of_the_tables(offered: float, places: int, waits: float) -> None:
    assert erlang_delay(offered, places) == pytest.approx(waits, abs=5e-5)


def test_an_instance_lets_calls_wait_and_refuses_none() -> None:
    busy = labelling(serving(serverless=False, most=2), factor=10, batch=1, threads=1)
    idle, full = latency(model(busy), 1), latency(model(busy), 17)

    assert full.refused == 0
    # 17 x 0.2 s on 4 processors: most calls wait, a fraction of a second on average.
    assert 0.05 < full.p50 - idle.p50 < 1


def test_an_idle_application_takes_its_parts_together() -> None:
    # 1 s to submit, up to 0.25 s until the poll, 0.3 s of the labeller and 0.5 s of the model.
    found = latency(model(spread=0, warm_seconds=1e9), IDLE)

    assert found.p50 == pytest.approx(1 + 0.125 + 0.8, abs=0.01)
    assert found.p95 == pytest.approx(1 + 0.95 * 0.25 + 0.8, abs=0.2)


def test_a_rare_picture_waits_for_a_cold_endpoint() -> None:
    rare = latency(model(), 1 / 86_400)

    assert rare.p50 > model().constants.assumed["endpoint-start-seconds"]


def test_a_warm_endpoint_is_not_waited_for() -> None:
    provisioned = latency(model(serving(provisioned=1)), 1 / 86_400)

    assert provisioned.p50 < model().constants.assumed["endpoint-start-seconds"]


def test_a_batching_window_is_waited_for() -> None:
    without, with_window = (latency(model(labelling(window=each)), IDLE) for each in (0, 10))

    assert with_window.p50 - without.p50 == pytest.approx(5, abs=0.3)


def test_a_stream_that_is_too_slow_makes_pictures_wait_without_end() -> None:
    assert math.isinf(latency(model(serving(concurrency=200)), 50).p50)


def test_a_full_endpoint_refuses_calls_and_leaves_some_to_the_sweep() -> None:
    # 36 calls at once on 40 places.
    busy = labelling(serving(concurrency=40), factor=10)
    found = latency(model(busy), 72)

    assert 0.01 < found.refused < 0.2
    assert found.p95 > latency(model(serving(busy, concurrency=200)), 72).p95


@given(st.floats(0.001, 1000), st.integers(1, 100))
def test_a_batch_holds_one_record_at_least_and_no_more_than_it_may(
    per_lane: float, most: int
) -> None:
    assert 1 <= batch_size(model().service, per_lane, most) <= most


def test_a_busier_lane_has_larger_batches() -> None:
    service = model().service
    sizes = [batch_size(service, rate, 10) for rate in (0.1, 1, 2, 3, 10)]

    assert sizes == sorted(sizes)
    assert sizes[0] == pytest.approx(1, abs=0.05)
    assert sizes[-1] == pytest.approx(10, abs=0.01)


def test_the_same_is_computed_each_time() -> None:
    assert latency(model(), 3) == latency(model(replace(APPLICATION)), 3)
