"""What a look-up needs of the outside."""

from typing import Protocol

from get_image_label.records import Row


class Rows(Protocol):
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
