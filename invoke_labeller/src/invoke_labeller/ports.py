"""What the domain needs from the world outside, and the values that pass between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from invoke_labeller.failure import Failure, FailureCode


@dataclass(frozen=True)
class Label:
    """One class that the model sees in a picture.

    Attributes:
        name: The class's name, as the model's answer spells it.
        confidence: The model's probability for it, from 0 to 1.
    """

    name: str
    confidence: float


@dataclass(frozen=True)
class Prepared:
    """A picture as the model is sent it.

    Attributes:
        jpeg: A small JPEG.
        incomplete: Whether a part of the picture is missing from its file.
    """

    jpeg: bytes
    incomplete: bool = False


@dataclass(frozen=True)
class PendingRow:
    """A row of the index of waiting pictures.

    Attributes:
        image_id: The picture's id.
        since: Its `PendingSince`, as the index holds it (ISO 8601, UTC).
        attempts: How often the schedule has sent it through the stream again.
    """

    image_id: str
    since: str
    attempts: int = 0


@dataclass(frozen=True)
class FailedRow:
    """A row of the index of failed pictures.

    Attributes:
        image_id: The picture's id.
        failed_at: When it failed, as the index holds it (ISO 8601, UTC).
    """

    image_id: str
    failed_at: str


@dataclass(frozen=True)
class Waiting:
    """What a row that waits says to the labeller.

    Attributes:
        is_last_attempt: Whether the picture has waited as long as a picture may: should this
            attempt fail, the picture is given up.
        sha256: The hexadecimal digest of the file that was checked; empty where none is known.
    """

    is_last_attempt: bool = False
    sha256: str = ""


class Rows(Protocol):
    """The table, as the labeller sees it. Every method may raise TransientError."""

    def waiting(self, image_id: str) -> Waiting | None:
        """Return what the row says if it exists and waits, None otherwise."""

    def classify(
        self, image_id: str, labels: tuple[Label, ...], at: datetime, *, incomplete: bool = False
    ) -> bool:
        """Write the labels, best first, once; False where the row no longer waits for them.

        Args:
            image_id: The picture's id.
            labels: What the model sees in it.
            at: When the model had finished.
            incomplete: Whether a part of the picture was missing.
        """

    def fail(self, image_id: str, failure: Failure) -> bool:
        """Mark the picture FAILED, once; False where the row no longer waits."""


class PendingRows(Protocol):
    """The table, as the sweep sees it. Every method may raise TransientError."""

    def overdue(self, shard: str, before: datetime, limit: int) -> Iterator[PendingRow]:
        """Yield the rows of a shard whose PendingSince is before a time, the oldest first."""

    def touch(
        self, row: PendingRow, at: datetime, due: datetime, oldest: datetime, *, counts: bool
    ) -> bool:
        """Send the row through the stream again; False where it is done, gone or too old.

        Args:
            row: The row as the index showed it.
            at: The present.
            due: Its next PendingSince.
            oldest: A row that the sweep took up first before this time is too old.
            counts: Whether this counts as one of its attempts.
        """

    def try_last(self, row: PendingRow, at: datetime, due: datetime, oldest: datetime) -> bool:
        """Send a row that is too old through the stream for the last time; False where not.

        The labeller gives the picture up if that attempt fails, and knows why it does.
        """

    def abandon(self, row: PendingRow, failure: Failure, tried_before: datetime) -> bool:
        """Mark the picture FAILED if its last attempt was sent before a time; False otherwise."""


class FailedRows(Protocol):
    """The table, as requeueing sees it. Every method may raise TransientError."""

    def failed(
        self, code: FailureCode, start: datetime | None, end: datetime, limit: int
    ) -> list[FailedRow]:
        """Return the rows that failed for a reason from one time to another, the oldest first."""

    def requeue(self, image_id: str, at: datetime) -> bool:
        """Let a FAILED picture wait again, with all its time; False where it is not FAILED."""


class Pictures(Protocol):
    """Where the pictures are stored."""

    def read(self, image_id: str) -> bytes:
        """Return the stored file.

        Raises:
            PermanentError: It is not there, or too large.
            TransientError: It cannot be read now.
        """


class Decoder(Protocol):
    """What makes a small JPEG of whatever picture was stored."""

    def prepare(self, data: bytes, until: float) -> Prepared:
        """Decode a picture, turn it upright, scale it down and encode it again.

        Args:
            data: The file.
            until: When to give up, by the monotonic clock.

        Returns:
            The picture for the model.

        Raises:
            PermanentError: The picture cannot be decoded, by anyone, within sensible limits.
            TransientError: It was not decoded in time, or something else ended the decoder.
        """


class Model(Protocol):
    """The classifier."""

    def classify(self, jpeg: bytes) -> tuple[Label, ...]:
        """Return the most probable classes, best first.

        Raises:
            TransientError: The model did not answer, or not sensibly, or refused the picture.
        """
