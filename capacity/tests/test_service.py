from dataclasses import replace

import numpy as np
import pytest

from capacity.service import Service

EVEN = Service(picture=0.3, model=0.5, cpu=0.05, batch=0.1, spread=0, threads=4, processors=1)


@pytest.mark.parametrize(("pictures", "rounds"), [(1, 1), (4, 1), (5, 2), (10, 3)])
def test_even_pictures_take_as_many_rounds_as_the_threads_need(pictures: int, rounds: int) -> None:
    assert EVEN.seconds(pictures) == pytest.approx(0.1 + rounds * 0.8)


def test_a_batch_takes_no_less_than_its_processor_time() -> None:
    busy = replace(EVEN, threads=100, cpu=0.2)

    assert busy.seconds(50) == pytest.approx(0.1 + 50 * 0.2)
    assert replace(busy, processors=2).seconds(50) == pytest.approx(0.1 + 25 * 0.2)


def test_a_fraction_of_a_picture_is_between_its_neighbours() -> None:
    assert EVEN.seconds(4.5) == pytest.approx((EVEN.seconds(4) + EVEN.seconds(5)) / 2)


def test_a_long_batch_is_estimated_as_its_neighbours_are_computed() -> None:
    uneven = replace(EVEN, spread=0.4)

    assert uneven.seconds(81) == pytest.approx(uneven.seconds(80), rel=0.03)


def test_times_are_drawn_with_their_mean_and_spread() -> None:
    times = replace(EVEN, spread=0.4).draw(np.random.default_rng(1), 0.5, 200_000)

    assert times.mean() == pytest.approx(0.5, rel=0.01)
    assert times.std() / times.mean() == pytest.approx(0.4, rel=0.02)
