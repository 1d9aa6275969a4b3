from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from submit_image.records import Record
from submit_image.row import WRITTEN
from tests.support.pictures import JPEG, PICTURE


def test_a_row_says_all_that_the_other_components_need() -> None:
    row = Record(
        image_id=UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479"),
        source_url="https://example.com/cat.jpg",
        picture=PICTURE,
        submitted_at=datetime(2026, 11, 23, 7, 51, 11, 123_999, UTC),
        retention=timedelta(days=30),
    )

    assert row.attributes() == {
        "Id": "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "Status": "NOT_CLASSIFIED",
        "Label": "NOT_CLASSIFIED",
        "SourceUrl": "https://example.com/cat.jpg",
        "ContentType": "image/jpeg",
        "ContentLength": len(JPEG),
        "Width": 40,
        "Height": 30,
        "Sha256": PICTURE.sha256.hex(),
        "SubmittedAt": "2026-11-23T07:51:11.123Z",
        "ExpiresAt": 1798012271,
        "PendingShard": "f",
        "PendingSince": "2026-11-23T07:51:11.123Z",
        "Attempts": 0,
    }
    assert replace(row, caller="system-tests").attributes() == {
        **row.attributes(),
        "Caller": "system-tests",
    }
    uploaded = replace(row, source_url=None).attributes()
    assert {**uploaded, "SourceUrl": row.source_url} == row.attributes()
    assert "SourceUrl" not in uploaded
    assert set(replace(row, caller="system-tests").attributes()) == set(WRITTEN)
