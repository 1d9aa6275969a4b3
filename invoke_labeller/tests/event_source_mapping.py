"""A model of the event source mapping between a DynamoDB stream and Lambda, in virtual time.

One shard. The rules are those of
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html:

* a batch is delivered until it succeeds, is too old, or has been retried as often as is allowed;
* a partial response moves the checkpoint to the lowest sequence number that it names;
* an error of the function splits the batch where that is asked for, which costs no retry.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

DAY = 86_400.0


class Clock(Protocol):
    """Virtual time: it passes on command."""

    def __call__(self) -> datetime:
        """Tell the time."""

    def advance(self, seconds: float) -> None:
        """Let time pass."""


@dataclass(frozen=True)
class Record:
    """A record of the stream: what Lambda delivers, and when it was written (seconds)."""

    event: dict[str, Any]
    written: float

    @property
    def number(self) -> int:
        return int(self.event["dynamodb"]["SequenceNumber"])


@dataclass
class EventSourceMapping:
    """The settings, named as CloudFormation names them, and what came of them.

    Attributes:
        batch_size: BatchSize.
        maximum_retry_attempts: MaximumRetryAttempts; -1 for ever.
        maximum_record_age: MaximumRecordAgeInSeconds; -1 for as long as the stream holds a record.
        bisect: BisectBatchOnFunctionError.
        partial: FunctionResponseTypes has ReportBatchItemFailures.
        emulated: As MiniStack 1.5.33 polls: it ignores partial responses, retries and bisecting,
            and delivers a batch that raised every second until it is too old.
    """

    batch_size: int = 100
    maximum_retry_attempts: int = -1
    maximum_record_age: float = -1
    bisect: bool = False
    partial: bool = False
    emulated: bool = False
    invocation_seconds: float = 0.2
    invocations: int = 0
    dead_letters: list[int] = field(default_factory=list)

    def deliver(
        self,
        records: Sequence[Record],
        function: Callable[[dict[str, Any]], dict[str, Any]],
        clock: Clock,
        until: float = 2 * DAY,
    ) -> None:
        """Deliver the records until none is left, or until a time (seconds from the start)."""
        start = clock()
        queue = deque(
            (list(records[i : i + self.batch_size]), 0)
            for i in range(0, len(records), self.batch_size)
        )
        while queue and (clock() - start).total_seconds() < until:
            batch, attempts = queue.popleft()
            batch = self._young(batch, clock().timestamp())
            if not batch:
                continue
            self.invocations += 1
            clock.advance(self.invocation_seconds)
            try:
                answer = function({"Records": [record.event for record in batch]})
            except Exception:  # noqa: BLE001 - Lambda takes every error for the same
                rest, raised = batch, True
            else:
                rest, raised = self._rest(batch, answer), False
            if not rest:
                continue
            if len(rest) < len(batch):
                attempts = 0
            if raised and self.bisect and not self.emulated and len(rest) > 1:
                half = len(rest) // 2
                queue.extendleft([(rest[half:], attempts), (rest[:half], attempts)])
            elif 0 <= self.maximum_retry_attempts <= attempts and not self.emulated:
                self.dead_letters += [record.number for record in rest]
            else:
                clock.advance(1 if self.emulated else min(60, 2**attempts))
                queue.appendleft((rest, attempts + 1))

    def _young(self, batch: list[Record], now: float) -> list[Record]:
        age = self.maximum_record_age if self.maximum_record_age >= 0 else DAY
        if self.emulated:
            # It judges the batch by its oldest record, and only after the first delivery.
            expired = batch if batch and now - batch[0].written > age else []
        else:
            expired = [record for record in batch if now - record.written > age]
        self.dead_letters += [record.number for record in expired]
        return [record for record in batch if record not in expired]

    def _rest(self, batch: list[Record], answer: dict[str, Any]) -> list[Record]:
        if not self.partial or self.emulated:
            return []
        failed = [int(item["itemIdentifier"]) for item in answer["batchItemFailures"]]
        return [record for record in batch if failed and record.number >= min(failed)]
