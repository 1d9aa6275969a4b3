import math

import pytest

from capacity import backlog
from capacity.load import Load
from tests.examples import labelling, model, serving


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
    assert found.seconds == pytest.approx(200 / (backlog.labelling(model()) - 1))
