"""The rule of the submission: object first, then the row, so that no row is without an object."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from submit_image import pictures
from submit_image.deadline import Deadline
from submit_image.pictures import Picture
from submit_image.records import NOT_CLASSIFIED, Record
from submit_image.urls import Target


class Downloads(Protocol):
    """Where files come from."""

    def fetch(self, target: Target, deadline: Deadline) -> bytes:
        """Return the file, or raise a Problem."""
        ...


class Images(Protocol):
    """Where pictures are kept."""

    def put(self, image_id: UUID, picture: Picture) -> None:
        """Store a picture under its id."""
        ...


class Records(Protocol):
    """Where rows are kept."""

    def add(self, record: Record) -> None:
        """Add a row; adding the same one again is no error."""
        ...


@dataclass(frozen=True)
class Accepted:
    """A submission that was accepted.

    Attributes:
        image_id: The id to look the label up with.
        status: `NOT_CLASSIFIED`.
    """

    image_id: str
    status: str


@dataclass(frozen=True)
class SubmitImage:
    """Accepts pictures.

    Attributes:
        downloads: Where files come from.
        images: Where pictures are kept.
        records: Where rows are kept.
        retention: How long both are kept.
        new_id: Makes ids (version 4 UUIDs).
        now: The time of day, in UTC.
    """

    downloads: Downloads
    images: Images
    records: Records
    retention: timedelta
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]

    def __call__(self, target: Target, deadline: Deadline) -> Accepted:
        """Download a picture, store it, and record that it waits for its label.

        If the row cannot be added, the object stays until the bucket's lifecycle expires it. After
        a lost answer nobody knows whether the row was written, and removing the object could leave
        a row without one. Nobody has learnt the id, so the object does no harm.

        Args:
            target: Where the picture is.
            deadline: By when it must have been downloaded.

        Returns:
            The id and the status.

        Raises:
            Problem: The picture was not accepted, or cannot be stored for now.
        """
        picture = pictures.inspect(self.downloads.fetch(target, deadline))
        record = Record(self.new_id(), target.url, picture, self.now(), self.retention)
        self.images.put(record.image_id, picture)
        self.records.add(record)
        return Accepted(str(record.image_id), NOT_CLASSIFIED)
