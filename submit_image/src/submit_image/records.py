"""The row that a submission leaves in the table."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from submit_image.pictures import Picture
from submit_image.row import Status
from submit_image.times import to_text


@dataclass(frozen=True)
class Record:
    """A picture that waits for its label.

    Attributes:
        image_id: The id, which is also the object's key.
        source_url: Where the picture came from; None where it was uploaded.
        picture: The picture.
        submitted_at: When it was submitted; knows its time zone, UTC.
        retention: How long picture and row are kept.
        caller: Who submitted it, where that is to be counted apart from users.
    """

    image_id: UUID
    source_url: str | None
    picture: Picture
    submitted_at: datetime
    retention: timedelta
    caller: str | None = None

    def attributes(self) -> dict[str, str | int]:
        """Return the row's attributes under their names in the table."""
        submitted_at = to_text(self.submitted_at)
        row: dict[str, str | int] = {
            "Id": str(self.image_id),
            "Status": Status.NOT_CLASSIFIED,
            "Label": Status.NOT_CLASSIFIED,
            "ContentType": self.picture.content_type,
            "ContentLength": len(self.picture.content),
            "Width": self.picture.width,
            "Height": self.picture.height,
            "Sha256": self.picture.sha256.hex(),
            "SubmittedAt": submitted_at,
            "ExpiresAt": int((self.submitted_at + self.retention).timestamp()),
            # The sparse index of what waits: sixteen shards, so that no single one grows hot.
            "PendingShard": str(self.image_id)[0],
            "PendingSince": submitted_at,
            "Attempts": 0,
        }
        known = {"SourceUrl": self.source_url, "Caller": self.caller}
        return row | {name: value for name, value in known.items() if value}
