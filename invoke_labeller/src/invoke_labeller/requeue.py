"""Lets failed pictures wait again: the rules, and nothing of AWS."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import FailureCode
from invoke_labeller.ports import FailedRow, FailedRows
from invoke_labeller.times import Clock, from_text

# The stream labels them before what is submitted meanwhile, so they come a few at a time.
LIMIT = 100
INTERVAL_SECONDS = 0.1


@dataclass(frozen=True)
class Selection:
    """Which failed pictures to requeue.

    Attributes:
        code: Those that failed for this reason; None for any.
        start: Those that failed then or later; None from the beginning.
        end: Those that failed then or earlier; None until now.
    """

    code: FailureCode | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass
class Requeued:
    """What was requeued.

    Attributes:
        requeued: Pictures that wait again.
        skipped: Pictures that are no longer FAILED, or whose time is over.
        errors: What went wrong; each picture stands for itself.
        rest: What is left to be requeued, if anything is.
    """

    requeued: int = 0
    skipped: int = 0
    errors: list[str] = field(default_factory=list)
    rest: Selection | None = None


class Requeue:
    """Lets failed pictures wait again, as if they had just been submitted.

    Args:
        rows: The table.
        clock: Tells the time.
        pause: Waits for some seconds.
    """

    def __init__(self, rows: FailedRows, clock: Clock, pause: Callable[[float], None]) -> None:
        self._rows = rows
        self._clock = clock
        self._pause = pause

    def one(self, image_id: str) -> Requeued:
        """Requeue one picture, whatever it failed for."""
        done = Requeued()
        self._requeue([image_id], done, lambda: True)
        return done

    def several(self, selection: Selection, has_time: Callable[[], bool]) -> Requeued:
        """Requeue at most LIMIT pictures, those that failed first.

        Args:
            selection: Which.
            has_time: Whether the function has time for another picture.

        Returns:
            What was done. Its `rest` ends when the selection does, or began: a picture that fails
            again is not requeued again.

        Raises:
            TransientError: The index cannot be read.
        """
        selection = replace(selection, end=selection.end or self._clock())
        rows = self._oldest(selection)
        done = Requeued()
        count = self._requeue([row.image_id for row in rows[:LIMIT]], done, has_time)
        if count < len(rows):
            done.rest = replace(selection, start=from_text(rows[max(0, count - 1)].failed_at))
        return done

    def _oldest(self, selection: Selection) -> list[FailedRow]:
        codes: Iterable[FailureCode] = [selection.code] if selection.code else FailureCode
        end = selection.end or self._clock()
        rows = [
            row
            for code in codes
            for row in self._rows.failed(code, selection.start, end, LIMIT + 1)
        ]
        return sorted(rows, key=lambda row: row.failed_at)[: LIMIT + 1]

    def _requeue(self, image_ids: list[str], done: Requeued, has_time: Callable[[], bool]) -> int:
        for count, image_id in enumerate(image_ids):
            if not has_time():
                return count
            if count:
                self._pause(INTERVAL_SECONDS)
            try:
                if self._rows.requeue(image_id, self._clock()):
                    done.requeued += 1
                else:
                    done.skipped += 1
            except TransientError as error:
                done.errors.append(f"{image_id}: {error}")
        return len(image_ids)
