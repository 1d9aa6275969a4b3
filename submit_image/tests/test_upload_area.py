"""The uploads in S3: what is signed, what S3 refuses by it, and what is read."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from botocore.exceptions import ClientError, IncompleteReadError
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from moto import mock_aws

from lambda_common.problems import TemporarilyUnavailable
from submit_image import clients
from submit_image.offering import VALID_SECONDS
from submit_image.problems import ImageTooLarge
from submit_image.upload_area import UploadArea
from tests.support.pictures import JPEG
from tests.support.post_policy import document, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.usefixtures("aws_environment")

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
OTHER = UUID("1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55")
KEY = f"uploads/{ID}"
SECRET = "testing"  # noqa: S105 - that of aws_environment


@pytest.fixture
def s3(aws_environment: None) -> "Iterator[S3Client]":  # noqa: ARG001 - comes first
    with mock_aws():
        client = clients.s3()
        location: Any = {"LocationConstraint": "us-west-1"}
        client.create_bucket(Bucket="images", CreateBucketConfiguration=location)
        yield client


def area(client: "S3Client", max_bytes: int = len(JPEG)) -> UploadArea:
    return UploadArea(client, "images", max_bytes)


def fields(**changed: str) -> dict[str, str]:
    form = area(clients.s3()).form(ID, "image/jpeg", 123, VALID_SECONDS)
    return form.fields | {name.replace("_", "-"): value for name, value in changed.items()}


def refused(form: dict[str, str], size: int = 123, after: float = 60) -> str | None:
    return refusal(form, size, "images", datetime.now(UTC) + timedelta(seconds=after), SECRET)


def test_the_policy_names_one_key_one_type_and_one_length_and_nothing_else() -> None:
    form = fields()

    assert sorted(map(str, document(form)["conditions"])) == sorted(
        map(
            str,
            [
                {"bucket": "images"},
                {"key": KEY},
                {"Content-Type": "image/jpeg"},
                ["content-length-range", 123, 123],
                *({name: form[name]} for name in form if name in SIGNED),
            ],
        )
    )


SIGNED = ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token")


def test_s3_takes_the_form_as_it_is() -> None:
    assert refused(fields()) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"key": f"uploads/{OTHER}"}, "key"),
        ({"key": str(ID)}, "key"),
        ({"key": f"{KEY}/${{filename}}"}, "key"),
        ({"Content_Type": "text/html"}, "Content-Type"),
        ({"acl": "public-read"}, "extra acl"),
        ({"success_action_redirect": "https://a.example/"}, "extra success-action-redirect"),
        ({"x_amz_meta_note": "x"}, "extra x-amz-meta-note"),
        ({"x_amz_signature": "0" * 64}, "signature"),
        ({"policy": "e30="}, "signature"),
    ],
)
def test_s3_refuses_any_other_form(changed: dict[str, str], why: str) -> None:
    assert refused(fields(**changed)) == why


@pytest.mark.parametrize("size", [0, 122, 124, 10**10])
def test_s3_refuses_any_other_length(size: int) -> None:
    assert refused(fields(), size) == "content-length-range"


@pytest.mark.parametrize(("after", "why"), [(VALID_SECONDS - 60, None), (VALID_SECONDS, "expired")])
def test_s3_refuses_what_comes_late(after: float, why: str | None) -> None:
    assert refused(fields(), after=after) == why


@pytest.mark.parametrize("region", ["us-west-1", "us-east-1", "ca-central-1"])
def test_the_form_goes_to_the_buckets_own_host(
    region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)

    form = area(clients.s3()).form(ID, "image/jpeg", 123, 900)

    assert form.url == f"https://images.s3.{region}.amazonaws.com/"


def test_an_upload_is_read_and_then_removed(s3: "S3Client") -> None:
    uploads = area(s3)
    s3.put_object(Bucket="images", Key=KEY, Body=JPEG)

    assert uploads.exists(ID)
    assert uploads.read(ID) == JPEG
    uploads.remove(ID)
    uploads.remove(ID)

    assert not uploads.exists(ID)
    assert uploads.read(ID) is None


def test_a_picture_is_no_upload(s3: "S3Client") -> None:
    s3.put_object(Bucket="images", Key=str(ID), Body=JPEG)

    assert area(s3).read(ID) is None
    area(s3).remove(ID)

    assert s3.get_object(Bucket="images", Key=str(ID))["Body"].read() == JPEG


def test_an_upload_larger_than_what_is_accepted_now_is_not_read(s3: "S3Client") -> None:
    s3.put_object(Bucket="images", Key=KEY, Body=JPEG)

    with pytest.raises(ImageTooLarge):
        area(s3, max_bytes=len(JPEG) - 1).read(ID)


def calls() -> list[Any]:
    return [
        ("get_object", lambda uploads: uploads.read(ID)),
        ("head_object", lambda uploads: uploads.exists(ID)),
        ("delete_object", lambda uploads: uploads.remove(ID)),
    ]


@pytest.mark.parametrize(("operation", "call"), calls())
def test_a_busy_bucket_is_temporarily_unavailable(
    s3: "S3Client", operation: str, call: Callable[[UploadArea], object]
) -> None:
    stub = Stubber(s3)
    stub.add_client_error(operation, "SlowDown", http_status_code=503)

    with stub, pytest.raises(TemporarilyUnavailable):
        call(area(s3))


@pytest.mark.parametrize(("operation", "call"), calls())
def test_a_fault_of_ours_stays_one(
    s3: "S3Client", operation: str, call: Callable[[UploadArea], object]
) -> None:
    stub = Stubber(s3)
    stub.add_client_error(operation, "AccessDenied", http_status_code=403)

    with stub, pytest.raises(ClientError):
        call(area(s3))


def test_an_upload_that_breaks_off_is_temporarily_unavailable(s3: "S3Client") -> None:
    class Broken(io.BytesIO):
        def read(self, amt: int | None = None) -> bytes:
            raise IncompleteReadError(actual_bytes=1, expected_bytes=amt or 2)

    stub = Stubber(s3)
    body = StreamingBody(Broken(), 2)
    stub.add_response("get_object", {"Body": body, "ContentLength": 2}, {"Bucket": ANY, "Key": KEY})

    with stub, pytest.raises(TemporarilyUnavailable):
        area(s3).read(ID)
