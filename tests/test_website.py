"""The website as a browser gets it: one distribution for the page's files and the API."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from local_aws.cloud import Cloud
from local_aws.using import status

from tests.application import PHOTOGRAPHS, Application, eventually, send_form

STRICT = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000",
}
NOBODY = "00000000-0000-4000-8000-000000000000"


class Website:
    """The website at its address in the embedded cloud."""

    def __init__(self, cloud: Cloud, pool: urllib3.PoolManager) -> None:
        self.address = str(cloud.website)
        self.application = Application(cloud)
        self._pool = pool

    def get(self, path: str, method: str = "GET", **how: Any) -> urllib3.BaseHTTPResponse:
        return self._pool.request(method, self.address + path, **how)

    def call(self, path: str, method: str = "GET", **how: Any) -> urllib3.BaseHTTPResponse:
        """Call the API with its key."""
        key = str(self.application.submit_route.key)
        return self.get(path, method, headers={"x-api-key": key}, **how)


@pytest.fixture(scope="module")
def website(cloud: Cloud) -> Iterator[Website]:
    with urllib3.PoolManager(retries=False, timeout=60) as pool:
        yield Website(cloud, pool)


def test_the_status_for_programs_has_the_address_of_the_page(website: Website) -> None:
    document = status.document(website.application.cloud.settings)

    assert document["Website"] == website.address


def test_the_page_is_asked_for_each_time_and_its_files_are_kept_for_ever(website: Website) -> None:
    page = website.get("")
    assert (page.status, page.headers["cache-control"]) == (200, "no-cache")
    assert page.headers["content-type"] == "text/html; charset=utf-8"

    files = re.findall(r'"(assets/[0-9a-f]{16}/[^"]+)"', page.data.decode())
    assert files
    for file in files:
        answer = website.get(file)
        assert answer.status == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["", "get-image-label", "nothing"])
def test_each_answer_has_the_strict_headers(website: Website, path: str) -> None:
    headers = website.get(path).headers

    assert {name: headers[name] for name in STRICT} == STRICT
    policy = headers["content-security-policy"]
    # Uploads go to the bucket, by the parameter that a deployment to AWS has, too.
    assert f"connect-src 'self' {website.application.cloud.url};" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_the_bucket_is_read_through_the_distribution_alone(website: Website) -> None:
    bucket = website.application.outputs["OpenDevOpsWebsite"]["BucketName"]
    direct = f"{website.application.cloud.url}/{bucket}"

    assert urllib3.request("GET", f"{direct}/index.html", retries=False).status == 403
    assert urllib3.request("GET", direct, retries=False).status == 403
    assert website.get("nothing").status == 403
    assert website.get("", "POST").status == 403


def test_the_api_answers_under_the_page_s_own_origin(website: Website) -> None:
    without_key = website.get("submit-image?url=https://example.com/x.jpg")
    assert without_key.status == 403
    assert without_key.headers["content-type"] == "application/problem+json"

    assert website.call(f"submit-image?imageId={NOBODY}", "DELETE").status == 204
    assert website.get("get-image-label?imageId=x").headers["content-type"] == (
        "application/problem+json"
    )


def test_a_picture_is_uploaded_and_submitted_as_the_page_does_it(website: Website) -> None:
    # Given
    content = PHOTOGRAPHS[0].read_bytes()
    file = {"contentType": "image/jpeg", "contentLength": len(content)}

    # When
    offer = website.call("uploads", "POST", json=file).json()
    assert send_form(offer, content).status == 204
    accepted = website.call("submit-image", "POST", json={"uploadId": offer["UploadId"]})

    # Then
    assert accepted.status == 202
    image = accepted.json()["ImageId"]
    eventually(lambda: website.application.status(image) == "CLASSIFIED")


def test_the_page_has_one_address_to_which_localhost_leads(website: Website) -> None:
    # The bucket accepts uploads from that one alone.
    port = website.address.rstrip("/").rpartition(":")[2]

    at_localhost = website.get("?a=b", headers={"Host": f"localhost:{port}"}, redirect=False)
    elsewhere = website.get("", headers={"Host": f"labels.example:{port}"})

    assert at_localhost.status == 307
    assert at_localhost.headers["location"] == f"{website.address}?a=b"
    assert elsewhere.status == 421
    assert website.address in elsewhere.data.decode()


def test_the_bucket_of_the_pictures_accepts_uploads_from_the_page_alone(website: Website) -> None:
    bucket = website.application.outputs["OpenDevOpsS3"]["ImagesBucketName"]
    asked = {"Access-Control-Request-Method": "POST"}

    def allowed(origin: str) -> str | None:
        answer = urllib3.request(
            "OPTIONS",
            f"{website.application.cloud.url}/{bucket}",
            headers=asked | {"Origin": origin},
            retries=False,
        )
        return answer.headers.get("access-control-allow-origin")

    page = website.address.rstrip("/")
    assert allowed(page) == page
    assert allowed("https://other.example") is None
