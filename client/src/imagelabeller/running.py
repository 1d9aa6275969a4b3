"""Labels several pictures at a time, and stops in order."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from imagelabeller.errors import ImageLabellerError
from imagelabeller.labelling import Outcome, Result
from imagelabeller.pictures import Picture


class StoppedError(Exception):
    """The run is to end, so that nothing more is sent."""


class Stop:
    """Ends whatever waits, in every thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """End what waits from now on."""
        self._event.set()

    def pause(self, seconds: float) -> None:
        """Wait.

        Args:
            seconds: How long.

        Raises:
            StoppedError: If the run is to end.
        """
        if self._event.wait(seconds):
            raise StoppedError


class Run:
    """Labels pictures in threads of its own.

    Args:
        label: Labels one.
        pictures: The pictures.
        jobs: How many at a time.
        stop: Ends what waits.
        advanced: Is called after each picture.

    Attributes:
        error: Why no picture can be labelled, or None.
    """

    def __init__(
        self,
        label: Callable[[Picture], Outcome],
        pictures: Sequence[Picture],
        jobs: int,
        stop: Stop,
        advanced: Callable[[Outcome], object] = lambda _: None,
    ) -> None:
        self.error: Exception | None = None
        self._label, self._pictures, self._stop = label, pictures, stop
        self._advanced = advanced
        self._ended: dict[int, Outcome] = {}
        self._changed = threading.Condition()
        self._left: queue.SimpleQueue[int] = queue.SimpleQueue()
        for index in range(len(pictures)):
            self._left.put(index)
        # Nothing waits for a daemon that hangs in a request when the program ends.
        self._threads = [
            threading.Thread(target=self._work, daemon=True)
            for _ in range(min(jobs, len(pictures)))
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float) -> None:
        """Send nothing more, and note the answers to what was sent.

        Args:
            seconds: How long to wait for these at most.
        """
        self._stop.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def outcomes(self, *, since: int = 0, wait: bool = True) -> Iterator[Outcome]:
        """Yield what has become of each picture, in their order.

        Args:
            since: The number of the first.
            wait: Whether to wait for it; otherwise those that have none are unfinished.
        """
        for index in range(since, len(self._pictures)):
            with self._changed:
                while wait and index not in self._ended:
                    self._changed.wait()
                outcome = self._ended.get(index)
            yield outcome or Outcome(self._pictures[index], Result.UNFINISHED)

    def _work(self) -> None:
        while True:
            try:
                index = self._left.get_nowait()
            except queue.Empty:
                return
            outcome = self._outcome(self._pictures[index])
            with self._changed:
                self._ended[index] = outcome
                self._changed.notify_all()
            self._advanced(outcome)

    def _outcome(self, picture: Picture) -> Outcome:
        try:
            self._stop.pause(0)
            return self._label(picture)
        except StoppedError:
            return Outcome(picture, Result.UNFINISHED)
        except Exception as error:  # noqa: BLE001 # whoever reads the outcomes is to hear of it
            # The first is the cause, of which the others are often a consequence.
            self.error = self.error or error
            self._stop.set()
            known = error if isinstance(error, ImageLabellerError) else None
            return Outcome(picture, Result.UNFINISHED, error=known)
