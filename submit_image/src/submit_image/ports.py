"""What the use cases need of the outside, and the values that pass between them."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from submit_image.deadline import Deadline
from submit_image.pictures import Picture
from submit_image.records import Record
from submit_image.row import Status
from submit_image.urls import Target


@dataclass(frozen=True)
class Form:
    """A form by which one file may be uploaded.

    Attributes:
        url: Where it goes, by POST as multipart/form-data.
        fields: Its fields; the last one, `file`, is the file itself.
    """

    url: str
    fields: dict[str, str]


class RowExistsError(Exception):
    """Another row has the id.

    Args:
        status: What that row says.
    """

    def __init__(self, status: Status) -> None:
        super().__init__(f"Another row has the id; it is {status}.")
        self.status = status


class Downloads(Protocol):
    """Where files come from."""

    def fetch(self, target: Target, deadline: Deadline) -> bytes:
        """Return the file, or raise a Problem."""
        ...


class Uploads(Protocol):
    """Where clients upload files."""

    def form(self, upload_id: UUID, content_type: str, length: int, seconds: int) -> Form:
        """Let one file of a type and a length in bytes be uploaded, for some seconds."""
        ...

    def read(self, upload_id: UUID) -> bytes | None:
        """Return the file, None where there is none, or raise a Problem."""
        ...

    def exists(self, upload_id: UUID) -> bool:
        """Tell whether there is a file."""
        ...

    def remove(self, upload_id: UUID) -> None:
        """Delete the file, if there is one."""
        ...


class Pictures(Protocol):
    """Where pictures are kept."""

    def put(self, image_id: UUID, picture: Picture) -> None:
        """Store a picture under its id."""
        ...

    def remove(self, image_id: UUID) -> None:
        """Delete a picture, if there is one."""
        ...


class Rows(Protocol):
    """Where rows are kept."""

    def add(self, row: Record) -> None:
        """Add a row; adding the same one again is no error, another one RowExistsError."""
        ...

    def status(self, image_id: UUID) -> Status | None:
        """Return what a row says, None where there is none."""
        ...

    def remove(self, image_id: UUID) -> None:
        """Delete a row, if there is one."""
        ...
