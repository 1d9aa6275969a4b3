"""One deadline over everything that a download does."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadline:
    """A moment by which the work must be done.

    Attributes:
        at: The moment, in seconds of the clock.
        clock: The clock, in seconds; never runs backwards.
    """

    at: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> "Deadline":
        """Return the deadline that is so many seconds away."""
        return cls(clock() + seconds, clock)

    def remaining(self) -> float:
        """Return the seconds that are left, more than 0.

        Raises:
            TimeoutError: None are left.
        """
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise TimeoutError("the deadline has passed")
        return seconds
