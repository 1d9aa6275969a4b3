"""The rule of withdrawals: whatever was submitted under an id goes, however far it has come."""

from dataclasses import dataclass
from uuid import UUID

from submit_image.ports import Pictures, Rows, Uploads


@dataclass(frozen=True)
class Withdraw:
    """Deletes pictures.

    Attributes:
        uploads: Where clients upload files.
        pictures: Where pictures are kept.
        rows: Where rows are kept.
    """

    uploads: Uploads
    pictures: Pictures
    rows: Rows

    def __call__(self, image_id: UUID) -> None:
        """Delete a picture, its upload and its row; what is gone already stays gone.

        The upload goes first: a submission that is under way looks for it last, and takes back
        what it stored where it is gone. The row goes before the object: the labeller changes only
        a row that exists, so that a picture that is being labelled is skipped, not failed.

        Args:
            image_id: The picture's id.

        Raises:
            TemporarilyUnavailable: Not all of it is deleted; the same call deletes the rest.
        """
        self.uploads.remove(image_id)
        self.rows.remove(image_id)
        self.pictures.remove(image_id)
