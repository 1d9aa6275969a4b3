"""A cloud in memory: moto for the table and the bucket, a loopback server for the endpoint."""

import os
from collections.abc import Iterator
from typing import Any

import boto3
import hypothesis
import pytest
from moto import mock_aws
from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_s3 import S3Client

from tests.endpoint_server import EndpointServer, endpoint_server
from tests.support import REGION

# A busy machine is no fault of an example. Every run tries the same examples, so that it fails only
# on a change; IMAGELABELLER_EXPLORE=1000 tries a thousand new ones of each property instead.
EXPLORE = os.environ.get("IMAGELABELLER_EXPLORE")
hypothesis.settings.register_profile("repeat", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=int(EXPLORE or 100))
hypothesis.settings.load_profile("explore" if EXPLORE else "repeat")

TABLE, INDEX, FAILED_INDEX = "ImageLabels", "Pending", "Failed"
BUCKET = "open-devops-images-us-west-1-123456789012"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def dynamodb(aws: None) -> DynamoDBClient:  # noqa: ARG001 - a fixture that is needed, not used
    """A table as dynamodb_infra makes it."""
    client: DynamoDBClient = boto3.client("dynamodb", REGION)
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("Id", "PendingShard", "PendingSince", "FailureCode", "FailedAt")
        ],
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": INDEX,
                "KeySchema": [
                    {"AttributeName": "PendingShard", "KeyType": "HASH"},
                    {"AttributeName": "PendingSince", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["Attempts"]},
            },
            {
                "IndexName": FAILED_INDEX,
                "KeySchema": [
                    {"AttributeName": "FailureCode", "KeyType": "HASH"},
                    {"AttributeName": "FailedAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
        ],
    )
    return client


@pytest.fixture
def s3(aws: None) -> S3Client:  # noqa: ARG001 - a fixture that is needed, not used
    client: S3Client = boto3.client("s3", REGION)
    client.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-1"}
    )
    return client


@pytest.fixture
def endpoint() -> Iterator[EndpointServer]:
    with endpoint_server() as server:
        yield server


def insert(client: DynamoDBClient, image_id: str, **attributes: str) -> None:
    """Put a row as submit_image does."""
    row = {
        "Id": image_id,
        "Status": "NOT_CLASSIFIED",
        "Label": "NOT_CLASSIFIED",
        "SubmittedAt": "2026-11-23T07:51:10.623Z",
        "PendingShard": image_id[0],
        "PendingSince": "2026-11-23T07:51:10.623Z",
        "SourceUrl": "https://example.org/cat.jpg",
        **attributes,
    }
    client.put_item(TableName=TABLE, Item={name: {"S": value} for name, value in row.items()})


def row(client: DynamoDBClient, image_id: str) -> dict[str, Any]:
    """The row, or an empty one."""
    answer = client.get_item(TableName=TABLE, Key={"Id": {"S": image_id}}, ConsistentRead=True)
    return dict(answer.get("Item", {}))
