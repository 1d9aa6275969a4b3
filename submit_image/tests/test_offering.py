from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from lambda_common.problems import Problem
from submit_image import formats
from submit_image.offering import VALID_SECONDS, OfferUpload
from submit_image.problems import ImageTooLarge, InvalidImage, UnsupportedImage
from tests.support.fakes import FakeUploads

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def offering(uploads: FakeUploads) -> OfferUpload:
    return OfferUpload(uploads, 1000, lambda: ID, lambda: NOW)


def test_a_form_for_just_this_file_is_offered() -> None:
    uploads = FakeUploads()

    offer = offering(uploads)("image/jpeg", 123)

    assert uploads.offered == [(ID, "image/jpeg", 123, VALID_SECONDS)]
    assert (offer.upload_id, offer.max_bytes) == (ID, 1000)
    assert offer.form.fields == {"key": f"uploads/{ID}"}
    assert offer.expires_at == NOW + timedelta(seconds=VALID_SECONDS)


@pytest.mark.parametrize("content_type", [*formats.WALKS, "image/heif", " IMAGE/JPEG"])
def test_every_type_that_is_labelled_may_be_uploaded(content_type: str) -> None:
    uploads = FakeUploads()

    offering(uploads)(content_type, 1000)

    [(_, pinned, _, _)] = uploads.offered
    assert pinned == content_type.strip().lower()


@pytest.mark.parametrize(
    ("content_type", "length", "problem"),
    [
        ("text/html", 1, UnsupportedImage),
        ("image/svg+xml", 1, UnsupportedImage),
        ("image/jpeg; charset=utf-8", 1, UnsupportedImage),
        ("image/jpeg\r\nx: y", 1, UnsupportedImage),
        ("", 1, UnsupportedImage),
        ("image/jpeg", 0, InvalidImage),
        ("image/jpeg", 1001, ImageTooLarge),
        ("image/jpeg", 10**30, ImageTooLarge),
    ],
)
def test_nothing_else_is_signed(content_type: str, length: int, problem: type[Problem]) -> None:
    uploads = FakeUploads()

    with pytest.raises(problem):
        offering(uploads)(content_type, length)

    assert uploads.offered == []
