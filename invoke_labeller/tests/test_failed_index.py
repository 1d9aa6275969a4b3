from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from invoke_labeller.errors import TransientError
from invoke_labeller.failed_index import FailedIndex
from invoke_labeller.failure import Failure, FailureCode
from invoke_labeller.pending_index import PendingIndex
from invoke_labeller.ports import FailedRow, Label
from invoke_labeller.table import Table
from tests.conftest import FAILED_INDEX, INDEX, TABLE, insert, row
from tests.support import START

BUSY = FailureCode.MODEL_BUSY
HOUR = timedelta(hours=1)


def index(client: DynamoDBClient, name: str = FAILED_INDEX) -> FailedIndex:
    return FailedIndex(client, TABLE, name)


def fail(
    client: DynamoDBClient, image_id: str, code: FailureCode = BUSY, hours_ago: float = 1
) -> None:
    insert(client, image_id)
    failure = Failure(code, "No.", START - timedelta(hours=hours_ago))
    assert Table(client, TABLE, "inception", "3").fail(image_id, failure)


def expiring(client: DynamoDBClient, image_id: str, seconds: int) -> None:
    client.update_item(
        TableName=TABLE,
        Key={"Id": {"S": image_id}},
        UpdateExpression="SET ExpiresAt = :at",
        ExpressionAttributeValues={":at": {"N": str(int(START.timestamp()) + seconds)}},
    )


def test_what_failed_is_found_by_reason_and_time_oldest_first(dynamodb: DynamoDBClient) -> None:
    fail(dynamodb, "a1", hours_ago=1)
    fail(dynamodb, "a2", hours_ago=3)
    fail(dynamodb, "b3", hours_ago=2)
    fail(dynamodb, "b4", FailureCode.UNDECODABLE)
    insert(dynamodb, "b5")

    found = index(dynamodb).failed(BUSY, None, START, 10)

    assert found[0] == FailedRow("a2", "2026-11-23T04:51:11.123Z")
    assert [each.image_id for each in found] == ["a2", "b3", "a1"]
    assert [r.image_id for r in index(dynamodb).failed(BUSY, None, START, 2)] == ["a2", "b3"]
    span = index(dynamodb).failed(BUSY, START - 2 * HOUR, START - 2 * HOUR, 10)
    assert [each.image_id for each in span] == ["b3"]


def test_a_requeued_row_is_as_it_was_when_it_was_submitted(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "a")
    before = row(dynamodb, "a")
    fail(dynamodb, "a")

    assert index(dynamodb).requeue("a", START)

    assert row(dynamodb, "a") == {**before, "PendingSince": {"S": "2026-11-23T07:51:11.123Z"}}
    assert index(dynamodb).failed(BUSY, None, START, 10) == []
    pending = PendingIndex(dynamodb, TABLE, INDEX)
    assert [each.image_id for each in pending.overdue("a", START + HOUR, 1)] == ["a"]


def test_a_requeued_row_may_be_labelled(dynamodb: DynamoDBClient) -> None:
    fail(dynamodb, "a")
    index(dynamodb).requeue("a", START)

    assert Table(dynamodb, TABLE, "inception", "3").classify("a", (Label("pug", 1.0),), START)

    labelled = row(dynamodb, "a")
    assert labelled["Label"] == {"S": "pug"}
    assert not labelled.keys() & {"FailureCode", "FailureReason", "FailedAt"}


@pytest.mark.parametrize("status", ["CLASSIFIED", "NOT_CLASSIFIED"])
def test_a_row_that_has_not_failed_is_left_alone(dynamodb: DynamoDBClient, status: str) -> None:
    insert(dynamodb, "a", Status=status)
    before = row(dynamodb, "a")

    assert not index(dynamodb).requeue("a", START)
    assert row(dynamodb, "a") == before


def test_a_row_that_is_gone_is_not_resurrected(dynamodb: DynamoDBClient) -> None:
    assert not index(dynamodb).requeue("a", START)
    assert row(dynamodb, "a") == {}


@pytest.mark.parametrize(("seconds", "requeued"), [(60, True), (0, False), (-60, False)])
def test_a_row_whose_time_is_over_is_left_alone(
    dynamodb: DynamoDBClient,
    seconds: int,
    requeued: bool,  # noqa: FBT001 - the column of a table
) -> None:
    fail(dynamodb, "a")
    expiring(dynamodb, "a", seconds)

    assert index(dynamodb).requeue("a", START) is requeued


def test_an_index_that_does_not_answer_is_transient(dynamodb: DynamoDBClient) -> None:
    with pytest.raises(TransientError, match="The index of failed rows cannot be read"):
        index(dynamodb, "Elsewhere").failed(BUSY, None, START, 10)
