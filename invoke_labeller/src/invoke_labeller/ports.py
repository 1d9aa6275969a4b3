"""What the domain needs from the world outside, and the values that pass between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
class PendingRow:
    """A row of the index of waiting pictures.

    Attributes:
        image_id: The picture's id.
        since: Since when it waits, as the index holds it (ISO 8601, UTC).
    """

    image_id: str
    since: str


class Rows(Protocol):
    """The table, as the labeller sees it. Every method may raise TransientError."""

    def is_waiting(self, image_id: str) -> bool:
        """Tell whether the row exists and is not labelled yet."""

    def classify(self, image_id: str, labels: tuple[Label, ...], at: datetime) -> bool:
        """Write the labels, best first, once; False where the row no longer waits for them."""

    def fail(self, image_id: str, reason: str) -> bool:
        """Mark the picture FAILED, once; False where the row no longer waits."""


class PendingRows(Protocol):
    """The table, as the sweep sees it. Every method may raise TransientError."""

    def overdue(self, shard: str, before: datetime, limit: int) -> Iterator[PendingRow]:
        """Yield the rows of a shard that wait since before a time, the longest waiting first."""

    def touch(self, row: PendingRow, at: datetime) -> bool:
        """Send the row through the stream again; False where it is done, gone or exhausted."""

    def abandon(self, row: PendingRow, reason: str) -> bool:
        """Mark the picture FAILED where its attempts are exhausted; False otherwise."""


class Pictures(Protocol):
    """Where the pictures are stored."""

    def read(self, image_id: str) -> bytes:
        """Return the stored file.

        Raises:
            PermanentError: It is not there, or too large.
            TransientError: It cannot be read now.
        """


class Model(Protocol):
    """The classifier."""

    def classify(self, jpeg: bytes) -> tuple[Label, ...]:
        """Return the most probable classes, best first.

        Raises:
            PermanentError: The model refused this picture.
            TransientError: The model did not answer, or not sensibly.
        """
