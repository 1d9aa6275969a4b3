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

from get_image_label import clients
from get_image_label.row import READ
from get_image_label.table import Table
from lambda_common.problems import TemporarilyUnavailable
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
        config=clients.DYNAMODB,
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
    row = Table(client, "ImageLabels").get(IMAGE_ID)
    assert row is not None
    assert row["Labels"] == [
        {"Name": "espresso", "Confidence": Decimal("0.89")},
        {"Name": "coffee mug", "Confidence": Decimal("0.03")},
    ]
    assert row["Model"] == {"Name": "inception-v3", "Version": "1.0.0"}


def test_reads_no_more_than_a_look_up_needs(client: "DynamoDBClient") -> None:
    row = Table(client, "ImageLabels").get(IMAGE_ID)
    assert row is not None
    assert set(row) <= set(READ)
    assert "SourceUrl" not in row


def test_there_is_no_row_with_an_unknown_id(client: "DynamoDBClient") -> None:
    assert Table(client, "ImageLabels").get(UNKNOWN_ID) is None


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
                "ProjectionExpression": ", ".join(f"#{name}" for name in READ),
                "ExpressionAttributeNames": {f"#{name}": name for name in READ},
            },
        )
        Table(client, "ImageLabels").get(IMAGE_ID)
        stubber.assert_no_pending_responses()


def test_a_busy_table_is_temporarily_unavailable() -> None:
    client = make_client()
    with Stubber(client) as stubber:
        stubber.add_client_error("get_item", "ProvisionedThroughputExceededException")
        with pytest.raises(TemporarilyUnavailable):
            Table(client, "ImageLabels").get(IMAGE_ID)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_a_fault_of_ours_stays_one(code: str) -> None:
    client = make_client()
    with Stubber(client) as stubber:
        stubber.add_client_error("get_item", code)
        with pytest.raises(ClientError, match=code):
            Table(client, "ImageLabels").get(IMAGE_ID)


def test_gives_up_on_a_table_that_never_answers_before_lambda_gives_up_on_us() -> None:
    # given a server that takes connections and says nothing
    with socket.create_server(("127.0.0.1", 0), backlog=8) as silent:
        client = make_client(f"http://127.0.0.1:{silent.getsockname()[1]}")

        # when
        start = time.monotonic()
        with pytest.raises(TemporarilyUnavailable):
            Table(client, "ImageLabels").get(IMAGE_ID)

    # then
    assert time.monotonic() - start < 15  # deadline: the table never answers


def test_a_table_that_cannot_be_reached_may_be_back_in_a_moment() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TemporarilyUnavailable):
        Table(make_client(f"http://127.0.0.1:{port}"), "ImageLabels").get(IMAGE_ID)
