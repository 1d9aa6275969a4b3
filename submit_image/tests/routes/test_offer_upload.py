import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from lambda_common.problems import InvalidRequest
from lambda_common.request import Request
from submit_image.offering import Offer
from submit_image.ports import Form
from submit_image.routes.offer_upload import OfferUpload, described
from tests.lambda_common.support import api_request

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
FILE = {"contentType": "image/jpeg", "contentLength": 123}


def asked(body: object, **changes: Any) -> Request:
    text = body if isinstance(body, str) else json.dumps(body)
    event = {"body": text, "headers": {"Content-Type": "application/json"}, **changes}
    return Request(api_request("POST /uploads", **event))


def test_an_upload_is_offered_in_the_words_of_the_contract() -> None:
    calls = []

    def offer(content_type: str, length: int) -> Offer:
        calls.append((content_type, length))
        form = Form("https://images.example/", {"key": f"uploads/{ID}"})
        return Offer(ID, form, datetime(2026, 11, 27, 9, 15, tzinfo=UTC), 1000)

    request = asked(FILE)
    response = OfferUpload(offer)(request)

    assert response.status == 201
    assert response.body == {
        "UploadId": str(ID),
        "Url": "https://images.example/",
        "Fields": {"key": f"uploads/{ID}"},
        "ExpiresAt": "2026-11-27T09:15:00.000Z",
        "MaxBytes": 1000,
    }
    assert calls == [("image/jpeg", 123)]
    # A policy is as good as a password until it expires.
    assert request.log == {"upload_id": str(ID)}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "null",
        "",
        {"contentType": "image/jpeg"},
        {"contentLength": 1},
        {"contentType": None, "contentLength": 1},
        {"contentType": "image/jpeg", "contentLength": "123"},
        {"contentType": "image/jpeg", "contentLength": 1.5},
        {"contentType": "image/jpeg", "contentLength": True},
        {"contentType": "image/jpeg", "contentLength": -1},
        {**FILE, "key": "uploads/another"},
        {**FILE, "uploadId": str(ID)},
    ],
)
def test_a_body_that_describes_no_file_is_refused(body: object) -> None:
    with pytest.raises(InvalidRequest):
        described(asked(body))


def test_a_query_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="no query"):
        described(asked(FILE, queryStringParameters={"contentLength": "1"}))
