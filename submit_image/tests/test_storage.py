import base64
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from submit_image.problems import TemporarilyUnavailable
from submit_image.records import Record
from submit_image.storage import (
    DYNAMODB_CONFIG,
    S3_CONFIG,
    STORAGE_SECONDS,
    DynamoDBRecords,
    S3Images,
)
from tests.conftest import Serve
from tests.support.pictures import JPEG, PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.usefixtures("aws_environment")

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
RECORD = Record(
    image_id=ID,
    source_url="https://example.com/cat.jpg",
    picture=PICTURE,
    submitted_at=datetime(2026, 11, 23, 7, 51, 11, tzinfo=UTC),
    retention=timedelta(days=30),
)


@pytest.fixture
def s3(aws_environment: None) -> "Iterator[S3Client]":  # noqa: ARG001 - comes first
    with mock_aws():
        client = boto3.client("s3", config=S3_CONFIG)
        location: Any = {"LocationConstraint": "us-west-1"}
        client.create_bucket(Bucket="images", CreateBucketConfiguration=location)
        yield client


@pytest.fixture
def dynamodb(aws_environment: None) -> "Iterator[DynamoDBClient]":  # noqa: ARG001 - comes first
    with mock_aws():
        client = boto3.client("dynamodb", config=DYNAMODB_CONFIG)
        client.create_table(
            TableName="ImageLabels",
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def test_a_picture_is_stored_under_its_id_with_its_type(s3: "S3Client") -> None:
    S3Images(s3, "images").put(ID, PICTURE)

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
        S3Images(s3, "images").put(ID, PICTURE)

    stub.assert_no_pending_responses()


def test_a_row_is_added_with_dynamodbs_types(dynamodb: "DynamoDBClient") -> None:
    DynamoDBRecords(dynamodb, "ImageLabels").add(RECORD)

    row = dynamodb.get_item(TableName="ImageLabels", Key={"Id": {"S": str(ID)}})["Item"]
    assert row["Status"] == {"S": "NOT_CLASSIFIED"}
    assert row["Width"] == {"N": "40"}
    assert row["PendingShard"] == {"S": "f"}
    assert set(row) == set(RECORD.attributes())


def test_adding_a_row_again_after_a_lost_answer_is_no_error(dynamodb: "DynamoDBClient") -> None:
    records = DynamoDBRecords(dynamodb, "ImageLabels")

    records.add(RECORD)
    records.add(RECORD)

    assert dynamodb.scan(TableName="ImageLabels")["Count"] == 1


def test_a_row_is_never_overwritten(dynamodb: "DynamoDBClient") -> None:
    records = DynamoDBRecords(dynamodb, "ImageLabels")
    records.add(RECORD)

    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        records.add(replace(RECORD, source_url="https://example.com/other.jpg"))

    [row] = dynamodb.scan(TableName="ImageLabels")["Items"]
    assert row["SourceUrl"] == {"S": "https://example.com/cat.jpg"}


@pytest.mark.parametrize(
    ("code", "status"),
    [("SlowDown", 503), ("InternalError", 500), ("ServiceUnavailable", 503), ("Throttling", 400)],
)
def test_a_busy_bucket_is_a_passing_trouble(s3: "S3Client", code: str, status: int) -> None:
    stub = Stubber(s3)
    stub.add_client_error("put_object", code, http_status_code=status)

    with stub, pytest.raises(TemporarilyUnavailable) as trouble:
        S3Images(s3, "images").put(ID, PICTURE)

    assert code not in trouble.value.detail


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ProvisionedThroughputExceededException", 400),
        ("ThrottlingException", 400),
        ("RequestLimitExceeded", 400),
        ("InternalServerError", 500),
    ],
)
def test_a_busy_table_is_a_passing_trouble(
    dynamodb: "DynamoDBClient", code: str, status: int
) -> None:
    stub = Stubber(dynamodb)
    stub.add_client_error("put_item", code, http_status_code=status)

    with stub, pytest.raises(TemporarilyUnavailable):
        DynamoDBRecords(dynamodb, "ImageLabels").add(RECORD)


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchBucket"])
def test_a_fault_of_ours_is_not_called_a_passing_trouble(s3: "S3Client", code: str) -> None:
    stub = Stubber(s3)
    stub.add_client_error("put_object", code, http_status_code=403)

    with stub, pytest.raises(ClientError):
        S3Images(s3, "images").put(ID, PICTURE)


def test_a_table_that_is_not_there_is_a_fault_of_ours(dynamodb: "DynamoDBClient") -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        DynamoDBRecords(dynamodb, "Nowhere").add(RECORD)


def test_a_service_that_closes_the_connection_is_a_passing_trouble(serve: Serve) -> None:
    server = serve(lambda _connection: None)
    endpoint = f"http://127.0.0.1:{server.port}"
    s3 = boto3.client("s3", config=S3_CONFIG, endpoint_url=endpoint)

    with pytest.raises(TemporarilyUnavailable):
        S3Images(s3, "images").put(ID, PICTURE)


def test_a_service_that_is_not_there_is_a_passing_trouble(serve: Serve) -> None:
    server = serve(lambda _connection: None)
    server.close()
    endpoint = f"http://127.0.0.1:{server.port}"
    dynamodb = boto3.client("dynamodb", config=DYNAMODB_CONFIG, endpoint_url=endpoint)

    with pytest.raises(TemporarilyUnavailable):
        DynamoDBRecords(dynamodb, "ImageLabels").add(RECORD)


def test_a_service_that_hangs_is_given_up_in_time(serve: Serve) -> None:
    server = serve(lambda connection: [None for _ in iter(lambda: connection.recv(9999), b"")])
    endpoint = f"http://127.0.0.1:{server.port}"
    dynamodb = boto3.client("dynamodb", config=DYNAMODB_CONFIG, endpoint_url=endpoint)
    started = time.monotonic()

    with pytest.raises(TemporarilyUnavailable):
        DynamoDBRecords(dynamodb, "ImageLabels").add(RECORD)

    assert server.requests == 2
    assert time.monotonic() - started < STORAGE_SECONDS / 2


def test_the_time_kept_back_covers_every_timeout_of_both() -> None:
    def longest(config: Any) -> float:
        attempts: int = config.retries["total_max_attempts"]
        one: float = config.connect_timeout + config.read_timeout
        # A second at most before the first repetition, by the standard mode.
        return attempts * one + attempts - 1

    assert longest(S3_CONFIG) + longest(DYNAMODB_CONFIG) <= STORAGE_SECONDS
