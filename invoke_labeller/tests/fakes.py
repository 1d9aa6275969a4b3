"""Fakes of the ports: a table with its stream, a bucket and a model, all in memory."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from invoke_labeller.errors import PermanentError, TransientError
from invoke_labeller.ports import Label, PendingRow
from invoke_labeller.status import CLASSIFIED, FAILED, NOT_CLASSIFIED
from invoke_labeller.times import to_text
from tests.pictures import PHOTO

LABELS = (Label("Egyptian cat", 0.57), Label("tabby", 0.2))


@dataclass
class Row:
    since: str = "2026-11-23T07:51:10.623Z"
    status: str = NOT_CLASSIFIED
    labels: tuple[Label, ...] = ()
    reason: str = ""
    attempts: int = 0
    at: datetime | None = None


class FakeTable:
    """Implements Rows and PendingRows; counts every change from NOT_CLASSIFIED."""

    def __init__(self, *image_ids: str, max_sweeps: int = 96) -> None:
        self.rows = {image_id: Row() for image_id in image_ids}
        self.changes: Counter[str] = Counter()
        self.touched: list[str] = []
        self.max_sweeps = max_sweeps
        self.down = False
        self.broken: set[str] = set()
        self._lock = threading.Lock()

    def is_waiting(self, image_id: str) -> bool:
        self._answer(image_id)
        return image_id in self.rows and self.rows[image_id].status == NOT_CLASSIFIED

    def classify(self, image_id: str, labels: tuple[Label, ...], at: datetime) -> bool:
        def change(row: Row) -> None:
            row.status, row.labels, row.at = CLASSIFIED, labels, at

        return self._finish(image_id, change)

    def fail(self, image_id: str, reason: str) -> bool:
        def change(row: Row) -> None:
            row.status, row.reason = FAILED, reason

        return self._finish(image_id, change)

    def overdue(self, shard: str, before: datetime, limit: int) -> Iterator[PendingRow]:
        self._answer(f"shard {shard}")
        found = sorted(
            (row.since, image_id)
            for image_id, row in self.rows.items()
            if image_id[0] == shard and row.status == NOT_CLASSIFIED and row.since < to_text(before)
        )
        yield from [PendingRow(image_id, since) for since, image_id in found[:limit]]

    def touch(self, row: PendingRow, at: datetime) -> bool:
        self._answer(row.image_id)
        held = self._seen(row)
        if held is None or held.attempts >= self.max_sweeps:
            return False
        held.attempts, held.since = held.attempts + 1, to_text(at)
        self.touched.append(row.image_id)
        return True

    def abandon(self, row: PendingRow, reason: str) -> bool:
        held = self._seen(row)
        if held is None or held.attempts < self.max_sweeps:
            return False
        return self.fail(row.image_id, reason)

    def _seen(self, row: PendingRow) -> Row | None:
        held = self.rows.get(row.image_id)
        return held if held and held.status == NOT_CLASSIFIED and held.since == row.since else None

    def _finish(self, image_id: str, change: Callable[[Row], None]) -> bool:
        self._answer(image_id)
        with self._lock:
            row = self.rows.get(image_id)
            if row is None or row.status != NOT_CLASSIFIED:
                return False
            change(row)
            self.changes[image_id] += 1
            return True

    def _answer(self, image_id: str) -> None:
        if self.down or image_id in self.broken:
            raise TransientError("The table is throttled")


@dataclass
class FakePictures:
    """Implements Pictures: every picture is there unless the test takes it away."""

    stored: dict[str, bytes] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def read(self, image_id: str) -> bytes:
        if image_id in self.missing:
            raise PermanentError("The picture is no longer stored.")
        return self.stored.get(image_id, PHOTO)


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
