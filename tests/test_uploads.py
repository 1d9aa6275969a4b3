"""Uploads under attack and withdrawals at the wrong moment, in the embedded cloud."""

import hashlib
import uuid
from collections import Counter
from typing import Any

import pytest
import urllib3
from local_aws.cloud import Cloud

from tests.application import NO_CONTENT, PHOTOGRAPHS, eventually, send_form
from tests.privileges.roles import client
from tests.privileges.system import SWEEP, System

COFFEE, CAT = PHOTOGRAPHS[1].read_bytes(), PHOTOGRAPHS[0].read_bytes()
# The same length, to the byte: decoders ignore what follows a JPEG's end.
LENGTH = max(len(COFFEE), len(CAT))
FIRST, SECOND = COFFEE.ljust(LENGTH, b"\0"), CAT.ljust(LENGTH, b"\0")


@pytest.fixture(scope="module")
def system(cloud: Cloud) -> System:
    return System(cloud)


def submit(system: System, upload_id: str) -> urllib3.BaseHTTPResponse:
    return system.call("POST", "submit-image", json={"uploadId": upload_id})


def assert_unknown(system: System, upload_id: str) -> None:
    answer = submit(system, upload_id)
    assert (answer.status, answer.json()["type"]) == (
        404,
        "urn:imagelabeller:problem:unknown-upload",
    )


def sha256(system: System, image_id: str) -> str:
    bucket = system.outputs["OpenDevOpsS3"]["ImagesBucketName"]
    stored = client(system.cloud, "s3").get_object(Bucket=bucket, Key=image_id)
    return hashlib.sha256(stored["Body"].read()).hexdigest()


def test_s3_refuses_every_other_form_and_what_was_not_uploaded_cannot_be_submitted(
    system: System, counts: Counter[str]
) -> None:
    offer = system.offer(FIRST)
    other = str(uuid.uuid4())
    forms: list[tuple[bytes, dict[str, str]]] = [
        (FIRST, {"key": f"uploads/{other}"}),
        (FIRST, {"key": other}),
        (FIRST, {"key": "uploads/${filename}"}),
        (FIRST, {"Content_Type": "text/html"}),
        (FIRST, {"acl": "public-read"}),
        (FIRST, {"x_amz_meta_note": "mine"}),
        (FIRST, {"success_action_redirect": "https://attacker.example/"}),
        (FIRST, {"policy": "e30="}),
        (FIRST, {"x_amz_signature": "0" * 64}),
        (FIRST, {"x_amz_credential": "nobody/20261127/us-west-1/s3/aws4_request"}),
        (FIRST[:-1], {}),
        (FIRST + b"\0", {}),
        (b"", {}),
        (bytes(20 * 2**20), {}),
    ]

    answers = [send_form(offer, content, **changed).status for content, changed in forms]
    unsigned = send_form(offer | {"Fields": {"key": offer["Fields"]["key"]}}, FIRST).status

    assert {status // 100 for status in (*answers, unsigned)} == {4}
    assert not {key for key in system.pictures() if offer["UploadId"] in key or other in key}
    assert_unknown(system, offer["UploadId"])
    assert_unknown(system, other)
    counts["forms that S3 refused"] = len(forms) + 1


def test_a_form_whose_time_is_over_is_refused(system: System) -> None:
    bucket = system.outputs["OpenDevOpsS3"]["ImagesBucketName"]
    key = f"uploads/{uuid.uuid4()}"
    form = client(system.cloud, "s3").generate_presigned_post(bucket, key, ExpiresIn=-1)

    answer = send_form({"Url": form["url"], "Fields": form["fields"]}, FIRST)

    assert (answer.status, b"expired" in answer.data) == (403, True)
    assert key not in system.pictures()


def test_no_more_is_offered_than_is_accepted(system: System) -> None:
    offer = system.offer(FIRST)
    file = {"contentType": "image/jpeg", "contentLength": offer["MaxBytes"] + 1}

    assert system.call("POST", "uploads", json=file).status == 413
    assert system.call("POST", "uploads", json=file | {"contentType": "text/html"}).status == 415


def test_what_was_checked_is_labelled_although_the_form_is_used_again(system: System) -> None:
    # given an upload that was replaced before it was submitted
    offer = system.offer(FIRST)
    image = offer["UploadId"]
    assert [send_form(offer, each).status for each in (SECOND, FIRST)] == [NO_CONTENT] * 2

    # when it is replaced after that, and submitted again
    with system.mapping(Enabled=False):
        first = submit(system, image)
        assert send_form(offer, SECOND).status == NO_CONTENT
        second = submit(system, image)
    eventually(lambda: system.status(image) == "CLASSIFIED")

    # then the picture that was checked is the one with the labels
    assert first.json() == second.json() == {"ImageId": image, "Status": "NOT_CLASSIFIED"}
    assert system.labels(image)[0] == "espresso"
    assert system.row(image)["Sha256"] == sha256(system, image) == hashlib.sha256(FIRST).hexdigest()
    assert submit(system, image).json() == {"ImageId": image, "Status": "CLASSIFIED"}
    system.withdraw(image)


def test_another_file_in_the_pictures_place_is_not_labelled(system: System) -> None:
    image = system.upload_by_form(FIRST)

    with system.mapping(Enabled=False):
        assert submit(system, image).status == 202
        system.replace_object(image, SECOND)
    eventually(lambda: system.status(image) == "FAILED")

    assert system.row(image)["FailureCode"] == "picture-missing"
    system.withdraw(image)


def test_the_id_of_another_picture_submits_nothing(system: System) -> None:
    image = system.submit(system.upload())
    eventually(lambda: system.status(image) == "CLASSIFIED")
    before = system.row(image)

    answer = submit(system, image)

    assert (answer.status, answer.json()) == (202, {"ImageId": image, "Status": "CLASSIFIED"})
    assert system.row(image) == before


@pytest.mark.parametrize("way", ["url", "upload"])
def test_a_picture_that_waits_is_withdrawn_and_nothing_brings_it_back(
    system: System, way: str
) -> None:
    with system.mapping(Enabled=False):
        if way == "url":
            image = system.submit(system.upload())
        else:
            image = system.upload_by_form(FIRST)
            assert submit(system, image).status == 202
        assert system.row(image)

        system.withdraw(image)
        system.withdraw(image)
        system.ask(SWEEP, {"olderThanSeconds": 0})
        requeued = system.ask(SWEEP, {"requeue": {"imageId": image}})
    # The stream delivers the record of a row that is gone.
    later = system.submit(system.upload())
    eventually(lambda: system.status(later) == "CLASSIFIED")

    assert requeued["Requeued"] == 0
    assert system.row(image) == {}
    assert not system.pictures() & {image, f"uploads/{image}"}
    look_up = _look_up(system, image)
    assert look_up["type"] == "urn:imagelabeller:problem:unknown-image"
    assert_unknown(system, image)


def _look_up(system: System, image: str) -> Any:
    route = system.look_up_route
    with urllib3.PoolManager(retries=False, timeout=60) as pool:
        headers = {"x-api-key": str(route.key)}
        return pool.request("GET", route.url, fields={"imageId": image}, headers=headers).json()
