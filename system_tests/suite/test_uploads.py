"""Files that are uploaded, and pictures that are withdrawn."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from suite import checks
from system_tests import pictures
from system_tests.forms import send
from system_tests.labels import is_one_of
from system_tests.system import System

REFUSED = range(400, 500)
NO_CONTENT = 204


def offered(system: System, content: bytes) -> dict[str, Any]:
    answer = system.offer(content)
    assert answer.status == 201, answer
    checks.headed(answer, "application/json")
    offer: dict[str, Any] = answer.body
    assert set(offer) == {"UploadId", "Url", "Fields", "ExpiresAt", "MaxBytes"}
    assert offer["MaxBytes"] == system.max_image_bytes
    assert datetime.fromisoformat(offer["ExpiresAt"]) > datetime.now(UTC)
    return offer


def uploaded(system: System, content: bytes) -> str:
    offer = offered(system, content)
    assert send(offer, content, system.settings.request_seconds) == NO_CONTENT
    return str(offer["UploadId"])


def withdrawn(system: System, image_id: str) -> None:
    answer = system.withdraw(image_id)
    assert (answer.status, answer.body) == (NO_CONTENT, None)


def test_an_uploaded_photograph_is_labelled_once_and_can_be_withdrawn(
    system: System, labelled: list[str]
) -> None:
    # given an upload that was submitted
    upload_id = uploaded(system, pictures.photo("coffee"))
    accepted = checks.accepted(system.submit_upload(upload_id), "POST")

    # when it is labelled, and submitted again
    names = checks.classified(system.final(accepted), system)
    again = system.submit_upload(upload_id)

    # then it is one picture
    assert accepted == upload_id
    assert is_one_of(names[0], ("espresso",)), names
    assert (again.status, again.body) == (202, {"ImageId": upload_id, "Status": "CLASSIFIED"})
    labelled.append(f"coffee by upload: {names[0]}")

    # and it is gone when it is withdrawn
    withdrawn(system, upload_id)
    withdrawn(system, upload_id)
    checks.refused(system.look_up(upload_id), "GET", 404, "unknown-image")
    checks.refused(system.submit_upload(upload_id), "POST", 404, "unknown-upload")


def test_a_picture_that_waits_is_withdrawn(system: System) -> None:
    url = system.uploads.upload("withdrawn.jpg", pictures.photo("coffee"))
    image_id = checks.accepted(system.submit(url), "POST")

    withdrawn(system, image_id)

    checks.refused(system.look_up(image_id), "GET", 404, "unknown-image")


def test_s3_takes_no_other_file_than_the_one_that_was_offered(system: System) -> None:
    content = pictures.photo("coffee")
    offer = offered(system, content)
    seconds = system.settings.request_seconds

    assert send(offer, content, seconds, key=f"uploads/{uuid.uuid4()}") in REFUSED
    assert send(offer, content, seconds, Content_Type="text/html") in REFUSED
    assert send(offer, content, seconds, acl="public-read") in REFUSED
    assert send(offer, content + b"\0", seconds) in REFUSED
    assert send(offer, content[:-1], seconds) in REFUSED
    checks.refused(system.submit_upload(offer["UploadId"]), "POST", 404, "unknown-upload")


def test_a_file_that_is_no_picture_is_refused_when_it_is_submitted(system: System) -> None:
    upload_id = uploaded(system, b"<!doctype html><title>Not a picture</title>")
    checks.refused(system.submit_upload(upload_id), "POST", 415, "unsupported-image")
    withdrawn(system, upload_id)


def test_no_upload_is_offered_for_what_is_too_large(system: System) -> None:
    body = {"contentType": "image/jpeg", "contentLength": system.max_image_bytes + 1}
    checks.refused(system.offer_api.post(body), "POST", 413, "image-too-large")


@pytest.mark.parametrize("query", ["", "imageId=x", "imageId=a&imageId=b"])
def test_only_an_id_withdraws(system: System, query: str) -> None:
    answer = system.submit_api.request("DELETE", params=query)
    checks.refused(answer, "POST", 400, "invalid-image-id")
