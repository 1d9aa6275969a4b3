"""Time that passes only where somebody waits."""

import math
import threading


class Clock:
    """Seconds that only grow, for several threads."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        with self._lock:
            # As with real time, nobody wakes up a rounding error too early.
            self.now = math.nextafter(self.now + seconds, math.inf)
            if seconds:
                self.pauses.append(seconds)
