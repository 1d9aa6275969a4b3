"""Keeps the requests of all threads to one API below its throttle."""

import threading
from collections.abc import Callable

# A request every quarter of a second after the first 429, twice as slow after each further one.
FIRST_INTERVAL = 0.25
LONGEST_INTERVAL = 8.0
# Each answer that is no 429 shortens the interval, until there is none.
QUICKER = 0.9
NEGLIGIBLE = 0.05


class Pace:
    """When the next request may be sent; one for all threads that call the same API.

    Nothing is sent until the time of the last `Retry-After` has passed, and requests are spaced by
    an interval that doubles with a 429 and shrinks with every other answer: additive increase and
    multiplicative decrease, so that several clients share a throttle without knowing its rate.

    Args:
        clock: Seconds that only grow.
        pause: Waits for some seconds.
    """

    def __init__(self, clock: Callable[[], float], pause: Callable[[float], object]) -> None:
        self._clock, self._pause = clock, pause
        self._lock = threading.Lock()
        self._next = self._closed_until = self._slowed_at = float("-inf")
        self._interval = 0.0

    @property
    def interval(self) -> float:
        """Seconds between two requests at present."""
        return self._interval

    def wait(self) -> float:
        """Wait for a turn.

        Returns:
            When it came, by the clock.
        """
        while True:
            with self._lock:
                now = self._clock()
                turn = max(now, self._next)
                self._next = turn + self._interval
            # Also where there is nothing to wait for: a pause may end the thread's work.
            self._pause(turn - now)
            with self._lock:
                # Meanwhile another thread's request may have been throttled.
                if (now := self._clock()) >= self._closed_until:
                    return now

    def throttled(self, sent: float, seconds: float) -> None:
        """Note that a request was throttled.

        Args:
            sent: When it was sent, by the clock.
            seconds: How long nothing may be sent from now on.
        """
        with self._lock:
            now = self._clock()
            self._closed_until = max(self._closed_until, now + seconds)
            self._next = max(self._next, self._closed_until)
            # Those that were under way at the same time say nothing new.
            if sent >= self._slowed_at:
                self._interval = min(max(2 * self._interval, FIRST_INTERVAL), LONGEST_INTERVAL)
                self._slowed_at = now

    def passed(self) -> None:
        """Note that a request was not throttled."""
        with self._lock:
            shorter = self._interval * QUICKER
            self._interval = shorter if shorter > NEGLIGIBLE else 0.0
