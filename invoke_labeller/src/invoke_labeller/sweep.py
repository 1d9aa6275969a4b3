"""Brings back the pictures that wait too long: the rules, and nothing of AWS."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import REASONS, Failure, FailureCode
from invoke_labeller.ports import PendingRow, PendingRows
from invoke_labeller.times import Clock, from_text

SHARDS = "0123456789abcdef"
# More than are taken of a shard, and in no order: rows that cannot be written stay the oldest of
# their shard, and must not hide the others.
READ_PER_SHARD = 1024
# A row that is slow to write keeps one of them busy, and the others go on.
THREADS = 16
# The longest wait between two attempts. A record stays in the stream no longer than that, too: a
# function's time later, its attempt has finished or never will.
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ATTEMPT = timedelta(minutes=5)
_HIGHEST_POWER = 16


class _Done(StrEnum):
    TOUCHED = "touched"
    ABANDONED = "abandoned"
    NOTHING = "nothing"


@dataclass
class Swept:
    """What a run of the sweep did.

    Attributes:
        touched: Pictures that were sent through the stream again.
        abandoned: Pictures that were marked FAILED: not even their last attempt came to an end.
        errors: What went wrong; each row and shard stands for itself.
    """

    touched: int = 0
    abandoned: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Pace:
    """How soon, how long and how much is swept.

    Attributes:
        sweep_after: How long a picture waits before it is swept up first. After each attempt it
            waits twice as long as before, up to LONGEST_WAIT.
        give_up_after: How long it is swept up. Then it gets its last attempt.
        limit: How many pictures a run takes, at most. After an outage it must not flood the
            endpoint: the next run goes on with the rest.
    """

    sweep_after: timedelta
    give_up_after: timedelta
    limit: int


class Sweep:
    """Finds overdue rows in the table, where the truth is, whatever became of their records.

    Args:
        rows: The table.
        clock: Tells the time.
        pace: How soon, how long and how much is swept.
        shuffle: Puts a list in no order.
    """

    def __init__(
        self,
        rows: PendingRows,
        clock: Clock,
        pace: Pace,
        shuffle: Callable[[list[Any]], None] = random.shuffle,
    ) -> None:
        self._rows = rows
        self._clock = clock
        self._pace = pace
        self._shuffle = shuffle

    def run(self, older_than: timedelta | None, has_time: Callable[[], bool]) -> Swept:
        """Send overdue pictures through the stream again, and give up those without a next attempt.

        Args:
            older_than: For a manual sweep: every picture whose last attempt is older, even if the
                next is not due. It does not count as one of the picture's attempts. None: on
                schedule.
            has_time: Whether the function has time for another row.

        Returns:
            What was done. An error ends neither the run nor anything else in it: a row that can
            never be written must not hide the others.
        """
        swept = Swept()
        manual = older_than is not None

        def sweep(row: PendingRow) -> _Done | str:
            try:
                return self._sweep(row, manual=manual) if has_time() else _Done.NOTHING
            except TransientError as error:
                return f"{row.image_id}: {error}"

        rows = self._overdue(older_than, has_time, swept)
        with ThreadPoolExecutor(THREADS) as pool:
            done = list(pool.map(sweep, rows))
        swept.touched = done.count(_Done.TOUCHED)
        swept.abandoned = done.count(_Done.ABANDONED)
        swept.errors += [each for each in done if not isinstance(each, _Done)]
        return swept

    def _sweep(self, row: PendingRow, *, manual: bool) -> _Done:
        now = self._clock()
        oldest = now - self._pace.give_up_after
        attempts = max(0, row.attempts - 1) if manual else row.attempts
        due = now + self._delay(attempts)
        if self._rows.touch(row, now, due, oldest, counts=not manual):
            return _Done.TOUCHED
        if self._rows.try_last(row, now, now + LONGEST_WAIT, oldest):
            return _Done.TOUCHED
        tried_before = now - LONGEST_WAIT - LONGEST_ATTEMPT
        unfinished = FailureCode.UNFINISHED
        if self._rows.abandon(row, Failure(unfinished, REASONS[unfinished], now), tried_before):
            return _Done.ABANDONED
        return _Done.NOTHING

    def _overdue(
        self, older_than: timedelta | None, has_time: Callable[[], bool], swept: Swept
    ) -> list[PendingRow]:
        """Return what is overdue: in turn of each shard, in no order within it."""
        now = self._clock()
        before = (
            now - self._pace.sweep_after if older_than is None else now - older_than + LONGEST_WAIT
        )
        shards = list(SHARDS)
        self._shuffle(shards)
        found: list[list[PendingRow]] = []
        for shard in shards:
            if not has_time():
                break
            try:
                rows = list(self._rows.overdue(shard, before, READ_PER_SHARD))
            except TransientError as error:
                swept.errors.append(f"Shard {shard}: {error}")
                continue
            found.append([row for row in rows if self._is_older(row, older_than)])
            self._shuffle(found[-1])
        return [row for turn in zip_longest(*found) for row in turn if row][: self._pace.limit]

    def _is_older(self, row: PendingRow, older_than: timedelta | None) -> bool:
        since = from_text(row.since)
        if older_than is None or since is None:
            return True
        last = since - self._delay(row.attempts - 1) if row.attempts else since
        return last < self._clock() - older_than

    def _delay(self, attempts: int) -> timedelta:
        """Return how much longer than `sweep_after` a row waits after so many attempts."""
        wait: timedelta = min(
            self._pace.sweep_after * 2 ** min(attempts, _HIGHEST_POWER), LONGEST_WAIT
        )
        return max(wait - self._pace.sweep_after, timedelta(0))
