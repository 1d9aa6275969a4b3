"""Waiting with a deadline."""

import time
from collections.abc import Callable


class DeadlineError(AssertionError):
    """What was waited for did not come in time."""


def wait_for[T](
    ask: Callable[[], T],
    done: Callable[[T], bool],
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> T:
    """Ask until the answer is the one that is waited for.

    Args:
        ask: Asks.
        done: Tells whether an answer is the one.
        seconds: How long to wait at most.
        clock: Tells the time in seconds.
        pause: Waits between two questions.

    Returns:
        The answer.

    Raises:
        DeadlineError: It did not come in time; the message shows the last answer.
    """
    deadline = clock() + seconds
    interval = 0.1
    while not done(answer := ask()):
        if clock() >= deadline:
            raise DeadlineError(f"After {seconds:g} s the answer still was {answer}")
        pause(min(interval, max(0.0, deadline - clock())))
        interval = min(interval * 1.5, 2.0)
    return answer
