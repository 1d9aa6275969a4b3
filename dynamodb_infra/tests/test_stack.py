from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from mypy_boto3_cloudformation import CloudFormationClient

from tests.support import ACCOUNT, REGION, ROOT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

STACK = "OpenDevOpsDynamoDB"
TABLE = "ImageLabels"


@pytest.fixture
def dynamodb(cloudformation: CloudFormationClient) -> "DynamoDBClient":
    """The table of an environment that may be torn down."""
    deploy(cloudformation, protection="false")
    return boto3.client("dynamodb", REGION)


def deploy(cloudformation: CloudFormationClient, protection: str) -> None:
    # moto knows Retain alone.
    template = (ROOT / "template.yml").read_text().replace("RetainExceptOnCreate", "Retain")
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=template,
        Parameters=[{"ParameterKey": "DeletionProtection", "ParameterValue": protection}],
    )


def put_waiting(dynamodb: "DynamoDBClient", image_id: str, since: str, attempts: int = 0) -> None:
    dynamodb.put_item(
        TableName=TABLE,
        Item={
            "Id": {"S": image_id},
            "Status": {"S": "NOT_CLASSIFIED"},
            "SourceUrl": {"S": "https://example.com/?signature=secret"},
            "PendingShard": {"S": image_id[0]},
            "PendingSince": {"S": since},
            "Attempts": {"N": str(attempts)},
        },
    )


def classify(dynamodb: "DynamoDBClient", image_id: str) -> None:
    dynamodb.update_item(
        TableName=TABLE,
        Key={"Id": {"S": image_id}},
        UpdateExpression="SET #Status = :classified REMOVE PendingShard, PendingSince",
        ExpressionAttributeNames={"#Status": "Status"},
        ExpressionAttributeValues={":classified": {"S": "CLASSIFIED"}},
    )


def waiting(
    dynamodb: "DynamoDBClient", shard: str, before: str
) -> list[dict[str, "AttributeValueTypeDef"]]:
    return dynamodb.query(
        TableName=TABLE,
        IndexName="Pending",
        KeyConditionExpression="PendingShard = :shard AND PendingSince < :before",
        ExpressionAttributeValues={":shard": {"S": shard}, ":before": {"S": before}},
    )["Items"]


def test_a_consumer_finds_everything_by_the_name_of_the_stack(
    cloudformation: CloudFormationClient,
) -> None:
    # When
    deploy(cloudformation, protection="false")

    # Then
    exports = {each["Name"]: each["Value"] for each in cloudformation.list_exports()["Exports"]}
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}"
    assert exports.pop(f"{STACK}-TableStreamArn").startswith(f"{arn}/stream/")
    assert exports == {
        f"{STACK}-TableName": TABLE,
        f"{STACK}-TableArn": arn,
        f"{STACK}-PendingIndexName": "Pending",
        f"{STACK}-FailedIndexName": "Failed",
    }


def test_the_sweep_finds_what_has_waited_too_long_oldest_first(dynamodb: "DynamoDBClient") -> None:
    # Given
    put_waiting(dynamodb, "a2", since="2026-11-23T07:40:00.000Z", attempts=1)
    put_waiting(dynamodb, "a1", since="2026-11-23T07:30:00.000Z", attempts=2)
    put_waiting(dynamodb, "a3", since="2026-11-23T07:59:00.000Z")
    put_waiting(dynamodb, "b1", since="2026-11-23T07:30:00.000Z")

    # When
    found = waiting(dynamodb, shard="a", before="2026-11-23T07:50:00.000Z")

    # Then
    assert [row["Id"]["S"] for row in found] == ["a1", "a2"]
    assert [row["Attempts"]["N"] for row in found] == ["2", "1"]


def test_the_index_holds_no_more_of_a_row_than_the_sweep_needs(dynamodb: "DynamoDBClient") -> None:
    # Given
    put_waiting(dynamodb, "a1", since="2026-11-23T07:30:00.000Z")

    # When
    [row] = waiting(dynamodb, shard="a", before="2026-11-23T07:50:00.000Z")

    # Then
    assert set(row) == {"Id", "PendingShard", "PendingSince", "Attempts"}


def test_a_row_leaves_the_index_with_its_label(dynamodb: "DynamoDBClient") -> None:
    # Given
    put_waiting(dynamodb, "a1", since="2026-11-23T07:30:00.000Z")

    # When
    classify(dynamodb, "a1")

    # Then
    assert waiting(dynamodb, shard="a", before="2026-11-23T07:50:00.000Z") == []
    assert dynamodb.get_item(TableName=TABLE, Key={"Id": {"S": "a1"}})["Item"]["Status"] == {
        "S": "CLASSIFIED"
    }


def test_what_failed_is_found_by_its_reason_and_time_and_nothing_else_is(
    dynamodb: "DynamoDBClient",
) -> None:
    # Given
    put_waiting(dynamodb, "a1", since="2026-11-23T07:30:00.000Z")
    for image_id, code, at in (
        ("a2", "model-busy", "2026-11-23T07:40:00.000Z"),
        ("a3", "model-busy", "2026-11-23T07:30:00.000Z"),
        ("a4", "model-busy", "2026-11-24T07:30:00.000Z"),
        ("a5", "undecodable", "2026-11-23T07:30:00.000Z"),
    ):
        item = {"Id": image_id, "Status": "FAILED", "FailureCode": code, "FailedAt": at}
        dynamodb.put_item(
            TableName=TABLE,
            Item={name: {"S": value} for name, value in {**item, "SourceUrl": "secret"}.items()},
        )

    # When
    found = dynamodb.query(
        TableName=TABLE,
        IndexName="Failed",
        KeyConditionExpression="FailureCode = :code AND FailedAt < :before",
        ExpressionAttributeValues={
            ":code": {"S": "model-busy"},
            ":before": {"S": "2026-11-24T00:00:00.000Z"},
        },
    )["Items"]

    # Then
    assert [row["Id"]["S"] for row in found] == ["a3", "a2"]
    assert set(found[0]) == {"Id", "FailureCode", "FailedAt"}


def test_the_stream_shows_each_row_as_it_is_now(dynamodb: "DynamoDBClient") -> None:
    # Given
    put_waiting(dynamodb, "a1", since="2026-11-23T07:30:00.000Z")
    classify(dynamodb, "a1")
    streams = boto3.client("dynamodbstreams", REGION)
    arn = dynamodb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]

    # When
    records = streams.get_records(ShardIterator=iterator)["Records"]

    # Then
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY"]
    images = [record["dynamodb"] for record in records]
    assert [image["NewImage"]["Status"]["S"] for image in images] == [
        "NOT_CLASSIFIED",
        "CLASSIFIED",
    ]
    assert not any("OldImage" in image for image in images)


def test_the_rows_outlive_the_stack(
    cloudformation: CloudFormationClient, dynamodb: "DynamoDBClient"
) -> None:
    # Given
    put_waiting(dynamodb, "a1", since="2026-11-23T07:30:00.000Z")

    # When
    cloudformation.delete_stack(StackName=STACK)

    # Then
    assert "Item" in dynamodb.get_item(TableName=TABLE, Key={"Id": {"S": "a1"}})


def test_a_protected_table_refuses_to_be_deleted(cloudformation: CloudFormationClient) -> None:
    # Given
    deploy(cloudformation, protection="true")

    dynamodb = boto3.client("dynamodb", REGION)

    # When
    with pytest.raises(ClientError, match="DeletionProtectionEnabled"):
        dynamodb.delete_table(TableName=TABLE)

    # Then
    assert dynamodb.describe_table(TableName=TABLE)["Table"]["TableStatus"] == "ACTIVE"
