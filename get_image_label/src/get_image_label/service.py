"""The use case: an image's id in, what is known about it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from get_image_label.problems import UnknownImage
from get_image_label.records import Body, Row, describe, has_expired


class Records(Protocol):
    """Where the images' rows are kept."""

    def get(self, image_id: str) -> Row | None:
        """Read the latest state of an image's row.

        Args:
            image_id: A UUID in lower case.

        Returns:
            The row, or None where there is none.

        Raises:
            TemporarilyUnavailable: It cannot be read now, but perhaps in a second.
        """


@dataclass(frozen=True)
class LookUp:
    """Looks images up.

    Attributes:
        rows: Where the rows are kept.
        clock: Tells the time in seconds since the epoch.
    """

    rows: Records
    clock: Callable[[], float]

    def __call__(self, image_id: str) -> Body:
        """Look an image up.

        Args:
            image_id: A UUID in lower case.

        Returns:
            What is known about the image, ready for JSON.

        Raises:
            UnknownImage: There is no such image, or its time of retention is over.
            TemporarilyUnavailable: The row cannot be read now.
        """
        row = self.rows.get(image_id)
        if row is None or has_expired(row, self.clock()):
            raise UnknownImage(
                f"No image has the id {image_id}: it was never submitted, or it has expired."
            )
        return describe(row)
