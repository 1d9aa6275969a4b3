"""Brings back the pictures that wait too long: the rules, and nothing of AWS."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from invoke_labeller.errors import TransientError
from invoke_labeller.ports import PendingRow, PendingRows
from invoke_labeller.times import Clock

SHARDS = "0123456789abcdef"
# A run after an outage must not flood the endpoint, and no shard may starve the others: what is
# over the limit waits longest, so the next run takes it first.
LIMIT_PER_SHARD = 64
ABANDONED = "The picture could not be labelled: the model did not answer in many attempts."


@dataclass
class Swept:
    """What a run of the sweep did.

    Attributes:
        touched: Pictures that were sent through the stream again.
        abandoned: Pictures that were marked FAILED, their attempts exhausted.
        errors: What went wrong; each row and shard stands for itself.
    """

    touched: int
    abandoned: int
    errors: list[str]


class Sweep:
    """Finds overdue rows in the table, where the truth is, whatever became of their records."""

    def __init__(self, rows: PendingRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock

    def run(self, older_than: timedelta, has_time: Callable[[], bool]) -> Swept:
        """Send overdue pictures through the stream again, and abandon the hopeless ones.

        Args:
            older_than: How long a picture waits before it is overdue.
            has_time: Whether the function has time for another row.

        Returns:
            What was done. An error ends neither the run nor its shard's siblings: a row that can
            never be written must not hide those behind it.
        """
        swept = Swept(0, 0, [])
        for row in self._overdue(older_than, swept):
            if not has_time():
                break
            try:
                if self._rows.touch(row, self._clock()):
                    swept.touched += 1
                elif self._rows.abandon(row, ABANDONED):
                    swept.abandoned += 1
            except TransientError as error:
                swept.errors.append(f"{row.image_id}: {error}")
        return swept

    def _overdue(self, older_than: timedelta, swept: Swept) -> Iterator[PendingRow]:
        before = self._clock() - older_than
        for shard in SHARDS:
            try:
                yield from self._rows.overdue(shard, before, LIMIT_PER_SHARD)
            except TransientError as error:
                swept.errors.append(f"Shard {shard}: {error}")
