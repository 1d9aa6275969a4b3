"""The rule of uploads: who says what he will upload gets a form for just that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from submit_image import formats
from submit_image.ports import Form, Uploads
from submit_image.problems import ImageTooLarge, InvalidImage, UnsupportedImage

# HEIC files are also called by the name of their container.
CONTENT_TYPES = (*formats.WALKS, "image/heif")
# A photograph of 10 MB takes a slow telephone two minutes.
VALID_SECONDS = 900


@dataclass(frozen=True)
class Offer:
    """An upload that may be made.

    Attributes:
        upload_id: The id to submit it with.
        form: How it is made.
        expires_at: Until when it may be made, in UTC.
        max_bytes: The largest file that is accepted, in bytes.
    """

    upload_id: UUID
    form: Form
    expires_at: datetime
    max_bytes: int


@dataclass(frozen=True)
class OfferUpload:
    """Lets files be uploaded.

    Attributes:
        uploads: Where they go.
        max_bytes: The largest file that is accepted, in bytes.
        new_id: Makes ids (version 4 UUIDs).
        now: The time of day, in UTC.
    """

    uploads: Uploads
    max_bytes: int
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]

    def __call__(self, content_type: str, length: int) -> Offer:
        """Let one file be uploaded, of this type and to the byte of this size.

        The type is what S3 keeps with the upload. What the file is, its bytes say when it is
        submitted.

        Args:
            content_type: Its media type.
            length: Its size in bytes.

        Returns:
            The offer.

        Raises:
            UnsupportedImage: The type is not accepted.
            InvalidImage: The file is empty.
            ImageTooLarge: It is larger than what is accepted.
        """
        media_type = content_type.strip().lower()
        if media_type not in CONTENT_TYPES:
            raise UnsupportedImage(
                f"Files of this type are not accepted; contentType is one of"
                f" {', '.join(CONTENT_TYPES)}."
            )
        if not length:
            raise InvalidImage("The file is empty.")
        if length > self.max_bytes:
            raise ImageTooLarge(f"The file has more than {self.max_bytes} bytes.")
        upload_id = self.new_id()
        expires_at = self.now() + timedelta(seconds=VALID_SECONDS)
        form = self.uploads.form(upload_id, media_type, length, VALID_SECONDS)
        return Offer(upload_id, form, expires_at, self.max_bytes)
