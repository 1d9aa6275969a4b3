from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from system_tests.table import NotInspectableError, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator["DynamoDBClient"]:
    for variable in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.delenv(variable, raising=False)
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName="ImageLabels",
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for run in ("1", "2"):
            url = f"https://bucket/system-tests/{run}/refused/a.jpg?X-Amz-Signature=0"
            client.put_item(
                TableName="ImageLabels", Item={"Id": {"S": run}, "SourceUrl": {"S": url}}
            )
        yield client


class Denied:
    """A client that may do nothing."""

    def __init__(self, code: str) -> None:
        self._code = code

    def describe_table(self, *, TableName: str) -> object:  # noqa: N803 # boto3's name
        raise ClientError({"Error": {"Code": self._code, "Message": TableName}}, "DescribeTable")


def test_finds_the_rows_of_a_run(client: "DynamoDBClient") -> None:
    table = Table(client, "ImageLabels", scan_limit=100)
    assert table.ids_from("system-tests/1/refused/") == ["1"]
    assert table.ids_from("system-tests/3/refused/") == []


def test_leaves_a_large_table_alone(client: "DynamoDBClient") -> None:
    with pytest.raises(NotInspectableError, match="2 rows"):
        Table(client, "ImageLabels", scan_limit=1).ids_from("system-tests/1/refused/")


def test_says_that_it_may_not_look() -> None:
    table = Table(cast("DynamoDBClient", Denied("AccessDeniedException")), "ImageLabels", 100)
    with pytest.raises(NotInspectableError, match="may not be read"):
        table.ids_from("x")


def test_hides_no_other_error() -> None:
    table = Table(cast("DynamoDBClient", Denied("ResourceNotFoundException")), "ImageLabels", 100)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        table.ids_from("x")
