"""The rules of submissions: object first, then the row, so that no row is without an object."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lambda_common.callers import SYSTEM_TESTS
from lambda_common.problems import TemporarilyUnavailable
from submit_image import pictures
from submit_image.deadline import Deadline
from submit_image.pictures import Picture
from submit_image.ports import Downloads, Pictures, RowExistsError, Rows, Uploads
from submit_image.problems import UnknownUpload
from submit_image.records import Record
from submit_image.row import Status
from submit_image.urls import Target


@dataclass(frozen=True)
class Submission:
    """What is submitted, and by whom.

    Attributes:
        target: Where the picture is.
        by_system_tests: Whether the system tests submit it, so that it is counted apart.
    """

    target: Target
    by_system_tests: bool = False


@dataclass(frozen=True)
class Accepted:
    """A submission that was accepted.

    Attributes:
        image_id: The id to look the label up with.
        status: `Status.NOT_CLASSIFIED`, unless an upload was submitted before.
    """

    image_id: str
    status: Status


@dataclass(frozen=True)
class Storage:
    """Keeps pictures with their rows.

    Attributes:
        pictures: Where pictures are kept.
        rows: Where rows are kept.
        retention: How long both are kept.
        now: The time of day, in UTC.
    """

    pictures: Pictures
    rows: Rows
    retention: timedelta
    now: Callable[[], datetime]

    def keep(
        self, image_id: UUID, picture: Picture, source_url: str | None, *, by_system_tests: bool
    ) -> None:
        """Store a picture, then its row.

        Args:
            image_id: The id of both.
            picture: The picture.
            source_url: Where it came from; None where it was uploaded.
            by_system_tests: Whether the system tests submitted it.

        Raises:
            RowExistsError: Another row has the id.
            Problem: They cannot be stored for now.
        """
        caller = SYSTEM_TESTS if by_system_tests else None
        row = Record(image_id, source_url, picture, self.now(), self.retention, caller)
        self.pictures.put(image_id, picture)
        self.rows.add(row)


@dataclass(frozen=True)
class Submit:
    """Accepts pictures from URLs.

    Attributes:
        downloads: Where files come from.
        storage: Where pictures and rows are kept.
        new_id: Makes ids (version 4 UUIDs).
    """

    downloads: Downloads
    storage: Storage
    new_id: Callable[[], UUID]

    def __call__(self, submission: Submission, deadline: Deadline) -> Accepted:
        """Download a picture, store it, and record that it waits for its label.

        If the row cannot be added, the object stays until the bucket's lifecycle expires it. After
        a lost answer nobody knows whether the row was written, and removing the object could leave
        a row without one. Nobody has learnt the id, so the object does no harm.

        Args:
            submission: Where the picture is, and who submits it.
            deadline: By when it must have been downloaded.

        Returns:
            The id and the status.

        Raises:
            Problem: The picture was not accepted, or cannot be stored for now.
        """
        picture = pictures.inspect(self.downloads.fetch(submission.target, deadline))
        image_id = self.new_id()
        self.storage.keep(
            image_id,
            picture,
            submission.target.url,
            by_system_tests=submission.by_system_tests,
        )
        return Accepted(str(image_id), Status.NOT_CLASSIFIED)


@dataclass(frozen=True)
class SubmitUpload:
    """Accepts pictures that were uploaded.

    Attributes:
        uploads: Where they are.
        storage: Where pictures and rows are kept.
    """

    uploads: Uploads
    storage: Storage

    def __call__(self, upload_id: UUID, deadline: Deadline, *, by_system_tests: bool) -> Accepted:
        """Take an upload as if it had been downloaded, once; the image's id is the upload's.

        The bytes that were inspected are what is stored for the labeller, so that it is all the
        same what becomes of the upload meanwhile. Whether it is still there is asked last:
        `Withdraw` removes it first, so that one of the two sees what the other did.

        Args:
            upload_id: The upload's id.
            deadline: By when it must have been read.
            by_system_tests: Whether the system tests submit it, so that it is counted apart.

        Returns:
            The id and the status; the present one of an upload that was submitted before.

        Raises:
            UnknownUpload: There is no such upload, or it was withdrawn meanwhile.
            Problem: The picture was not accepted, or cannot be stored for now.
        """
        status = self.storage.rows.status(upload_id)
        if status is None:
            status = self._submitted(upload_id, deadline, by_system_tests=by_system_tests)
        return Accepted(str(upload_id), status)

    def _submitted(self, upload_id: UUID, deadline: Deadline, *, by_system_tests: bool) -> Status:
        content = self.uploads.read(upload_id)
        if content is None:
            raise UnknownUpload(
                "Nothing was uploaded under this id, or it has expired or was withdrawn."
                " Upload the file, or ask POST /uploads for another upload."
            )
        picture = pictures.inspect(content)
        try:
            deadline.remaining()
        except TimeoutError:
            raise TemporarilyUnavailable(
                "Reading the upload took too long. Try again in a few seconds."
            ) from None
        try:
            self.storage.keep(upload_id, picture, None, by_system_tests=by_system_tests)
        except RowExistsError as other:
            # The same upload was submitted twice at once; what the other call found counts.
            return other.status
        if not self.uploads.exists(upload_id):
            self.storage.rows.remove(upload_id)
            self.storage.pictures.remove(upload_id)
            raise UnknownUpload("The upload was withdrawn while it was submitted.")
        return Status.NOT_CLASSIFIED
