"""Fakes of the ports: a table with its stream, a bucket and a model, all in memory."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from invoke_labeller.errors import PermanentError, TransientError
from invoke_labeller.failure import REASONS, Failure, FailureCode
from invoke_labeller.picture import prepare
from invoke_labeller.ports import FailedRow, Label, PendingRow, Prepared, Waiting
from invoke_labeller.row import Status
from invoke_labeller.times import to_text
from tests.pictures import PHOTO

LABELS = (Label("Egyptian cat", 0.57), Label("tabby", 0.2))


@dataclass
class Row:
    since: str = "2026-11-23T07:51:10.623Z"
    status: str = Status.NOT_CLASSIFIED
    labels: tuple[Label, ...] = ()
    incomplete: bool = False
    failure: Failure | None = None
    attempts: int = 0
    swept_since: datetime | None = None
    last_attempt_at: datetime | None = None
    sha256: str = ""
    at: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.status == Status.NOT_CLASSIFIED

    @property
    def reason(self) -> str:
        return self.failure.reason if self.failure else ""

    @property
    def code(self) -> FailureCode | None:
        return self.failure.code if self.failure else None


class FakeTable:
    """Implements Rows, PendingRows and FailedRows; counts every change from Status.NOT_CLASSIFIED.

    Attributes:
        broken: Ids, and "shard x", that no call gets an answer about.
        slow: Called with each id before an answer.
    """

    def __init__(self, *image_ids: str) -> None:
        self.rows = {image_id: Row() for image_id in image_ids}
        self.changes: Counter[str] = Counter()
        self.touched: list[str] = []
        self.down = False
        self.broken: set[str] = set()
        self.slow: Callable[[str], object] = lambda _: None
        self._lock = threading.Lock()

    def waiting(self, image_id: str) -> Waiting | None:
        self._answer(image_id)
        row = self.rows.get(image_id)
        if row is None or not row.waits:
            return None
        return Waiting(is_last_attempt=row.last_attempt_at is not None, sha256=row.sha256)

    def classify(
        self, image_id: str, labels: tuple[Label, ...], at: datetime, *, incomplete: bool = False
    ) -> bool:
        def change(row: Row) -> None:
            row.status, row.labels, row.at = Status.CLASSIFIED, labels, at
            row.incomplete = incomplete

        return self._finish(image_id, change)

    def fail(self, image_id: str, failure: Failure) -> bool:
        def change(row: Row) -> None:
            row.status, row.failure = Status.FAILED, failure

        return self._finish(image_id, change)

    def overdue(self, shard: str, before: datetime, limit: int) -> Iterator[PendingRow]:
        self._answer(f"shard {shard}")
        found = sorted(
            (row.since, image_id)
            for image_id, row in self.rows.items()
            if image_id[0] == shard and row.waits and row.since < to_text(before)
        )
        yield from [
            PendingRow(image_id, since, self.rows[image_id].attempts)
            for since, image_id in found[:limit]
        ]

    def touch(
        self, row: PendingRow, at: datetime, due: datetime, oldest: datetime, *, counts: bool
    ) -> bool:
        self._answer(row.image_id)
        held = self._seen(row)
        if held is None or (held.swept_since and held.swept_since < oldest):
            return False
        held.attempts, held.since = held.attempts + counts, to_text(due)
        held.swept_since, held.last_attempt_at = held.swept_since or at, None
        self.touched.append(row.image_id)
        return True

    def try_last(self, row: PendingRow, at: datetime, due: datetime, oldest: datetime) -> bool:
        held = self._seen(row)
        if held is None or held.last_attempt_at or not held.swept_since:
            return False
        if held.swept_since >= oldest:
            return False
        held.since, held.last_attempt_at = to_text(due), at
        self.touched.append(row.image_id)
        return True

    def abandon(self, row: PendingRow, failure: Failure, tried_before: datetime) -> bool:
        held = self._seen(row)
        if held is None or not held.last_attempt_at or held.last_attempt_at >= tried_before:
            return False
        return self.fail(row.image_id, failure)

    def failed(
        self, code: FailureCode, start: datetime | None, end: datetime, limit: int
    ) -> list[FailedRow]:
        self._answer(f"reason {code}")
        found = sorted(
            (to_text(row.failure.at), image_id)
            for image_id, row in self.rows.items()
            if row.failure
            and row.failure.code is code
            and (start is None or row.failure.at >= start)
            and row.failure.at <= end
        )
        return [FailedRow(image_id, failed_at) for failed_at, image_id in found[:limit]]

    def requeue(self, image_id: str, at: datetime) -> bool:
        self._answer(image_id)
        row = self.rows.get(image_id)
        if row is None or row.status != Status.FAILED:
            return False
        self.rows[image_id] = Row(since=to_text(at))
        return True

    def _seen(self, row: PendingRow) -> Row | None:
        held = self.rows.get(row.image_id)
        return (
            held
            if held and held.status == Status.NOT_CLASSIFIED and held.since == row.since
            else None
        )

    def _finish(self, image_id: str, change: Callable[[Row], None]) -> bool:
        self._answer(image_id)
        with self._lock:
            row = self.rows.get(image_id)
            if row is None or not row.waits:
                return False
            change(row)
            self.changes[image_id] += 1
            return True

    def _answer(self, image_id: str) -> None:
        self.slow(image_id)
        if self.down or image_id in self.broken:
            raise TransientError("The table is throttled")


@dataclass
class FakePictures:
    """Implements Pictures: every picture is there unless the test takes it away."""

    stored: dict[str, bytes] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def read(self, image_id: str) -> bytes:
        if image_id in self.missing:
            code = FailureCode.PICTURE_MISSING
            raise PermanentError(REASONS[code], code)
        return self.stored.get(image_id, PHOTO)


class FakeDecoder:
    """Implements Decoder: decodes in this process, without limits."""

    def prepare(self, data: bytes, until: float) -> Prepared:  # noqa: ARG002 - as the port has it
        return prepare(data)


@dataclass
class FakeModel:
    """Implements Model: answers the same unless an error is put in the way."""

    error: Exception | None = None
    calls: list[bytes] = field(default_factory=list)

    def classify(self, jpeg: bytes) -> tuple[Label, ...]:
        self.calls.append(jpeg)
        if self.error:
            raise self.error
        return LABELS
