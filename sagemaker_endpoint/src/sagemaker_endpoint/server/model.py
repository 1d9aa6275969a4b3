"""The model behind the server: loaded once, asked by a bounded number of requests."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Classifies(Protocol):
    """What the server needs of a classifier."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names, in the order of the probabilities."""
        ...

    def classify(self, data: bytes, /) -> NDArray[np.float32]:
        """The probability of each class, for an image file."""
        ...


class NotReadyError(Exception):
    """The model is still being loaded."""


class OverloadedError(Exception):
    """As many requests as may be are under way or wait."""


class Model:
    """Loads a classifier in the background and runs it in threads of its own.

    Attributes:
        classifier: The classifier, once it is loaded.
        free: How many more requests are admitted.
    """

    def __init__(self, load: Callable[[], Classifies], *, workers: int, queue: int) -> None:
        """Takes notice of what to load; nothing happens before `start`.

        Args:
            load: Loads the classifier.
            workers: Images that are classified at once.
            queue: Requests that may wait for a worker.
        """
        self._load = load
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="classify")
        self.free = workers + queue
        self.classifier: Classifies | None = None

    async def start(self) -> None:
        """Loads the classifier, without holding up the event loop."""
        self.classifier = await asyncio.get_running_loop().run_in_executor(self._pool, self._load)

    @contextmanager
    def admission(self) -> Iterator[Classifies]:
        """Holds a place for one request, from before its body is read, which bounds memory too.

        To be used in the event loop only.

        Raises:
            NotReadyError: The model is not loaded yet.
            OverloadedError: All places are taken.
        """
        if self.classifier is None:
            raise NotReadyError
        if self.free == 0:
            raise OverloadedError
        self.free -= 1
        try:
            yield self.classifier
        finally:
            self.free += 1

    async def run[T](self, work: Callable[[], T]) -> T:
        """Runs a function in one of the workers."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Waits for what is under way and ends the workers."""
        self._pool.shutdown()
