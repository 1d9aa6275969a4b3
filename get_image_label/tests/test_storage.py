import socket
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from get_image_label.problems import TemporarilyUnavailable
from get_image_label.records import ATTRIBUTES
from get_image_label.storage import CLIENT_CONFIG, DynamoDBRecords
from tests.fakes import CLASSIFIED, IMAGE_ID, UNKNOWN_ID

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def make_client(endpoint_url: str | None = None) -> "DynamoDBClient":
    return boto3.client(
        "dynamodb",
        region_name="us-west-1",
        endpoint_url=endpoint_url,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 # moto's
        config=CLIENT_CONFIG,
    )


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator["DynamoDBClient"]:
    for variable in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.delenv(variable, raising=False)
    with mock_aws():
        client = make_client()
        client.create_table(
            TableName="ImageLabels",
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        boto3.resource("dynamodb", region_name="us-west-1").Table("ImageLabels").put_item(
            Item={**CLASSIFIED, "SourceUrl": "https://example.com/?X-Amz-Signature=secret"}
        )
        yield client


def test_reads_a_row_in_python_s_terms(client: "DynamoDBClient") -> None:
    row = DynamoDBRecords(client, "ImageLabels").get(IMAGE_ID)
    assert row is not None
    assert row["Labels"] == [
        {"Name": "espresso", "Confidence": Decimal("0.89")},
        {"Name": "coffee mug", "Confidence": Decimal("0.03")},
    ]
    assert row["Model"] == {"Name": "inception-v3", "Version": "1.0.0"}


def test_reads_no_more_than_a_look_up_needs(client: "DynamoDBClient") -> None:
    row = DynamoDBRecords(client, "ImageLabels").get(IMAGE_ID)
    assert row is not None
    assert set(row) <= set(ATTRIBUTES)
    assert "SourceUrl" not in row


def test_there_is_no_row_with_an_unknown_id(client: "DynamoDBClient") -> None:
    assert DynamoDBRecords(client, "ImageLabels").get(UNKNOWN_ID) is None


def test_a_row_that_was_just_written_is_read() -> None:
    client = make_client()
    with Stubber(client) as stubber:
        stubber.add_response(
            "get_item",
            {},
            {
                "TableName": "ImageLabels",
                "Key": {"Id": {"S": IMAGE_ID}},
                "ConsistentRead": True,
                "ProjectionExpression": ", ".join(f"#{name}" for name in ATTRIBUTES),
                "ExpressionAttributeNames": {f"#{name}": name for name in ATTRIBUTES},
            },
        )
        DynamoDBRecords(client, "ImageLabels").get(IMAGE_ID)
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InternalServerError", 500),
        ("ServiceUnavailable", 503),
        ("502", 502),
        ("ProvisionedThroughputExceededException", 400),
        ("RequestLimitExceeded", 400),
        ("ThrottlingException", 400),
    ],
)
def test_what_passes_by_itself_is_told_apart(code: str, status: int) -> None:
    client = make_client()
    with Stubber(client) as stubber:
        stubber.add_client_error(
            "get_item", code, "arn:aws:dynamodb:us-west-1:123456789012:table/T", status
        )
        with pytest.raises(TemporarilyUnavailable) as refusal:
            DynamoDBRecords(client, "ImageLabels").get(IMAGE_ID)
    assert "arn:" not in refusal.value.detail


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_a_fault_of_ours_stays_one(code: str) -> None:
    client = make_client()
    with Stubber(client) as stubber:
        stubber.add_client_error("get_item", code)
        with pytest.raises(ClientError, match=code):
            DynamoDBRecords(client, "ImageLabels").get(IMAGE_ID)


def test_gives_up_on_a_table_that_never_answers_before_lambda_gives_up_on_us() -> None:
    # given a server that takes connections and says nothing
    with socket.create_server(("127.0.0.1", 0), backlog=8) as silent:
        client = make_client(f"http://127.0.0.1:{silent.getsockname()[1]}")

        # when
        start = time.monotonic()
        with pytest.raises(TemporarilyUnavailable):
            DynamoDBRecords(client, "ImageLabels").get(IMAGE_ID)

    # then
    assert time.monotonic() - start < 8


def test_a_table_that_cannot_be_reached_may_be_back_in_a_moment() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TemporarilyUnavailable):
        DynamoDBRecords(make_client(f"http://127.0.0.1:{port}"), "ImageLabels").get(IMAGE_ID)
