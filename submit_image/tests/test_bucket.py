import base64
from typing import TYPE_CHECKING, Any
from uuid import UUID

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from lambda_common.problems import TemporarilyUnavailable
from submit_image import clients
from submit_image.bucket import Bucket
from tests.conftest import Serve
from tests.support.pictures import JPEG, PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.usefixtures("aws_environment")

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")


@pytest.fixture
def s3(aws_environment: None) -> "Iterator[S3Client]":  # noqa: ARG001 - comes first
    with mock_aws():
        client = clients.s3()
        location: Any = {"LocationConstraint": "us-west-1"}
        client.create_bucket(Bucket="images", CreateBucketConfiguration=location)
        yield client


def test_a_picture_is_stored_under_its_id_with_its_type(s3: "S3Client") -> None:
    Bucket(s3, "images").put(ID, PICTURE)

    stored = s3.get_object(Bucket="images", Key=str(ID))
    assert stored["Body"].read() == JPEG
    assert stored["ContentType"] == "image/jpeg"


def test_s3_is_given_the_digest_to_verify(s3: "S3Client") -> None:
    request = {
        "Bucket": "images",
        "Key": str(ID),
        "Body": JPEG,
        "ContentType": "image/jpeg",
        "ChecksumSHA256": base64.b64encode(PICTURE.sha256).decode(),
    }
    stub = Stubber(s3)
    stub.add_response("put_object", {}, request)

    with stub:
        Bucket(s3, "images").put(ID, PICTURE)

    stub.assert_no_pending_responses()


def test_a_busy_bucket_is_temporarily_unavailable(s3: "S3Client") -> None:
    stub = Stubber(s3)
    stub.add_client_error("put_object", "SlowDown", http_status_code=503)

    with stub, pytest.raises(TemporarilyUnavailable):
        Bucket(s3, "images").put(ID, PICTURE)


def test_a_fault_of_ours_stays_one(s3: "S3Client") -> None:
    stub = Stubber(s3)
    stub.add_client_error("put_object", "AccessDenied", http_status_code=403)

    with stub, pytest.raises(ClientError):
        Bucket(s3, "images").put(ID, PICTURE)


def test_a_bucket_that_closes_the_connection_is_temporarily_unavailable(serve: Serve) -> None:
    server = serve(lambda _connection: None)
    s3 = boto3.client("s3", config=clients.S3, endpoint_url=f"http://127.0.0.1:{server.port}")

    with pytest.raises(TemporarilyUnavailable):
        Bucket(s3, "images").put(ID, PICTURE)
