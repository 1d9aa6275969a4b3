"""Measures what something costs."""

import time
from collections.abc import Callable


def least_seconds(work: Callable[[], object], attempts: int = 3) -> float:
    """The least processor time of several attempts: what else the machine does only adds to it."""

    def seconds() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return min(seconds() for _ in range(attempts))
