from dataclasses import dataclass

import pytest

from system_tests.waiting import DeadlineError, wait_for


@dataclass
class Clock:
    """Time that passes only while one waits."""

    now: float = 0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


def test_asks_until_the_answer_comes() -> None:
    clock, answers = Clock(), iter([1, 2, 3])
    answer = wait_for(lambda: next(answers), lambda n: n == 3, 10, clock, clock.pause)
    assert answer == 3


def test_does_not_wait_for_what_is_there() -> None:
    clock = Clock()
    wait_for(lambda: True, bool, 10, clock, clock.pause)
    assert clock.now == 0


def test_gives_up_at_the_deadline_and_shows_the_last_answer() -> None:
    clock = Clock()
    with pytest.raises(DeadlineError, match="After 10 s the answer still was NOT_CLASSIFIED"):
        wait_for(lambda: "NOT_CLASSIFIED", lambda _: False, 10, clock, clock.pause)
    assert clock.now == pytest.approx(10)


def test_asks_once_more_at_the_deadline() -> None:
    clock = Clock()
    assert wait_for(clock, lambda now: now >= 10, 10, clock, clock.pause) == pytest.approx(10)
