import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from lambda_common.problems import TemporarilyUnavailable
from submit_image import clients
from submit_image.ports import RowExistsError
from submit_image.records import Record
from submit_image.row import READ, Status
from submit_image.table import Table
from tests.conftest import Serve
from tests.support.pictures import PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.usefixtures("aws_environment")

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
ROW = Record(
    image_id=ID,
    source_url="https://example.com/cat.jpg",
    picture=PICTURE,
    submitted_at=datetime(2026, 11, 23, 7, 51, 11, tzinfo=UTC),
    retention=timedelta(days=30),
)


@pytest.fixture
def dynamodb(aws_environment: None) -> "Iterator[DynamoDBClient]":  # noqa: ARG001 - comes first
    with mock_aws():
        client = clients.dynamodb()
        client.create_table(
            TableName="ImageLabels",
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def client_at(port: int) -> "DynamoDBClient":
    return boto3.client(
        "dynamodb", config=clients.DYNAMODB, endpoint_url=f"http://127.0.0.1:{port}"
    )


def test_a_row_is_added_with_dynamodbs_types(dynamodb: "DynamoDBClient") -> None:
    Table(dynamodb, "ImageLabels").add(ROW)

    item = dynamodb.get_item(TableName="ImageLabels", Key={"Id": {"S": str(ID)}})["Item"]
    assert item["Status"] == {"S": "NOT_CLASSIFIED"}
    assert item["Width"] == {"N": "40"}
    assert item["PendingShard"] == {"S": "f"}
    assert set(item) == set(ROW.attributes())


def test_adding_a_row_again_after_a_lost_answer_is_no_error(dynamodb: "DynamoDBClient") -> None:
    table = Table(dynamodb, "ImageLabels")

    table.add(ROW)
    table.add(ROW)

    assert dynamodb.scan(TableName="ImageLabels")["Count"] == 1


def test_a_row_is_never_overwritten(dynamodb: "DynamoDBClient") -> None:
    table = Table(dynamodb, "ImageLabels")
    table.add(ROW)

    with pytest.raises(RowExistsError) as other:
        table.add(replace(ROW, source_url="https://example.com/other.jpg"))

    assert other.value.status == Status.NOT_CLASSIFIED
    [item] = dynamodb.scan(TableName="ImageLabels")["Items"]
    assert item["SourceUrl"] == {"S": "https://example.com/cat.jpg"}


def test_a_row_says_how_far_its_picture_has_come(dynamodb: "DynamoDBClient") -> None:
    table = Table(dynamodb, "ImageLabels")

    assert table.status(ID) is None
    table.add(ROW)
    assert table.status(ID) is Status.NOT_CLASSIFIED


def test_of_a_row_no_more_is_read_than_the_role_may_and_at_its_present_state(
    dynamodb: "DynamoDBClient",
) -> None:
    # The key is an attribute that a condition of a policy sees, too.
    request = {
        "TableName": "ImageLabels",
        "Key": {"Id": {"S": str(ID)}},
        "ConsistentRead": True,
        "ProjectionExpression": "#Status",
        "ExpressionAttributeNames": {"#Status": "Status"},
    }
    stub = Stubber(dynamodb)
    stub.add_response("get_item", {}, request)

    with stub:
        assert Table(dynamodb, "ImageLabels").status(ID) is None

    assert set(READ) == {"Id", "Status"}


def test_a_row_is_removed_and_one_that_is_gone_too(dynamodb: "DynamoDBClient") -> None:
    table = Table(dynamodb, "ImageLabels")
    table.add(ROW)

    table.remove(ID)
    table.remove(ID)

    assert dynamodb.scan(TableName="ImageLabels")["Count"] == 0


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("get_item", lambda table: table.status(ID)),
        ("delete_item", lambda table: table.remove(ID)),
    ],
)
def test_a_busy_table_answers_nothing(
    dynamodb: "DynamoDBClient", operation: str, call: Callable[[Table], object]
) -> None:
    stub = Stubber(dynamodb)
    stub.add_client_error(operation, "ThrottlingException", http_status_code=400)

    with stub, pytest.raises(TemporarilyUnavailable):
        call(Table(dynamodb, "ImageLabels"))


def test_a_busy_table_is_temporarily_unavailable(dynamodb: "DynamoDBClient") -> None:
    stub = Stubber(dynamodb)
    stub.add_client_error("put_item", "ProvisionedThroughputExceededException")

    with stub, pytest.raises(TemporarilyUnavailable):
        Table(dynamodb, "ImageLabels").add(ROW)


def test_a_table_that_is_not_there_is_a_fault_of_ours(dynamodb: "DynamoDBClient") -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        Table(dynamodb, "Nowhere").add(ROW)


def test_a_service_that_is_not_there_is_temporarily_unavailable(serve: Serve) -> None:
    server = serve(lambda _connection: None)
    server.close()

    with pytest.raises(TemporarilyUnavailable):
        Table(client_at(server.port), "ImageLabels").add(ROW)


def test_a_service_that_hangs_is_given_up_in_time(serve: Serve) -> None:
    server = serve(lambda connection: [None for _ in iter(lambda: connection.recv(9999), b"")])
    started = time.monotonic()

    with pytest.raises(TemporarilyUnavailable):
        Table(client_at(server.port), "ImageLabels").add(ROW)

    assert server.requests == 2
    assert time.monotonic() - started < 15  # deadline: the service hangs for 30 s at each request
