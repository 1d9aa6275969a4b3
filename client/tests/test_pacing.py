"""Nothing is sent too early, whatever the API's answers are."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from imagelabeller.pacing import FIRST_INTERVAL, LONGEST_INTERVAL, Pace
from tests.clocks import Clock

ANSWERS = st.lists(st.none() | st.floats(0, 30), max_size=40)


@given(ANSWERS)
def test_no_request_is_sent_before_each_retry_after_has_passed(answers: list[float | None]) -> None:
    clock = Clock()
    pace = Pace(clock, clock.pause)
    closed_until = 0.0

    for seconds in answers:
        sent = pace.wait()
        assert sent >= closed_until
        if seconds is None:
            pace.passed()
        else:
            pace.throttled(sent, seconds)
            closed_until = max(closed_until, clock() + seconds)


@given(ANSWERS)
def test_requests_are_spaced_by_the_interval_which_has_bounds(answers: list[float | None]) -> None:
    clock = Clock()
    pace = Pace(clock, clock.pause)
    last, spacing = float("-inf"), 0.0

    for seconds in answers:
        sent = pace.wait()
        assert sent - last >= spacing - 1e-6
        if seconds is None:
            pace.passed()
        else:
            pace.throttled(sent, seconds)
        # What was reserved before counts with the interval of then.
        last, spacing = sent, min(spacing, pace.interval) if seconds is None else 0.0
        assert pace.interval <= LONGEST_INTERVAL


def test_answers_without_a_throttle_make_it_quick_again() -> None:
    clock = Clock()
    pace = Pace(clock, clock.pause)
    pace.throttled(pace.wait(), 1)
    assert pace.interval == FIRST_INTERVAL

    for _ in range(30):
        pace.passed()

    assert pace.interval == 0


def test_requests_that_were_throttled_at_the_same_time_slow_it_down_once() -> None:
    clock = Clock()
    pace = Pace(clock, clock.pause)
    sent = [pace.wait() for _ in range(4)]
    clock.pause(0.1)

    for each in sent:
        pace.throttled(each, 1)
    assert pace.interval == FIRST_INTERVAL

    pace.throttled(pace.wait(), 1)
    assert pace.interval == 2 * FIRST_INTERVAL


def test_a_thread_that_waits_hears_of_another_s_throttle() -> None:
    clock = Clock()
    pace = Pace(clock, clock.pause)
    pace.throttled(pace.wait(), 1)
    meanwhile: list[float] = []

    def pause(seconds: float) -> None:
        clock.pause(seconds)
        if not meanwhile:
            meanwhile.append(seconds)
            pace.throttled(clock(), 9)

    sent = Pace.wait(_with_pause(pace, pause))

    assert sent >= 1000 + 1 + 9


def _with_pause(pace: Pace, pause: object) -> Pace:
    pace.__dict__["_pause"] = pause
    return pace


def test_several_threads_share_the_spacing() -> None:
    clock = Clock()
    pace = Pace(clock, lambda _: None)
    turns: list[float] = []
    pace.throttled(pace.wait(), 0)

    def take() -> None:
        turns.extend(pace.wait() for _ in range(5))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Nobody's clock has moved, and each has reserved a turn of its own.
    clock.pause(20 * FIRST_INTERVAL)
    assert len(turns) == 20
    assert pace.wait() >= 1000 + 20 * FIRST_INTERVAL
