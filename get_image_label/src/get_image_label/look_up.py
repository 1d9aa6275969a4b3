"""The use case: an image's id in, what is known about it out."""

from collections.abc import Callable
from dataclasses import dataclass

from get_image_label.ports import Rows
from get_image_label.problems import UnknownImage
from get_image_label.records import Body, describe, has_expired


@dataclass(frozen=True)
class LookUp:
    """Looks images up.

    Attributes:
        rows: Where the rows are kept.
        clock: Tells the time in seconds since the epoch.
    """

    rows: Rows
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
