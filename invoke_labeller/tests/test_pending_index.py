from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from invoke_labeller.errors import TransientError
from invoke_labeller.pending_index import PendingIndex
from invoke_labeller.ports import PendingRow
from tests.conftest import INDEX, TABLE, insert, row
from tests.support import START

SINCE = "2026-11-23T07:51:10.623Z"


def index(client: DynamoDBClient, max_sweeps: int = 2, name: str = INDEX) -> PendingIndex:
    return PendingIndex(client, TABLE, name, max_sweeps)


def test_the_overdue_rows_of_a_shard_come_longest_waiting_first(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "1a", PendingSince="2026-11-23T07:02:00.000Z")
    insert(dynamodb, "1b", PendingSince="2026-11-23T07:01:00.000Z")
    insert(dynamodb, "1c", PendingSince="2026-11-23T07:51:11.123Z")
    insert(dynamodb, "2d", PendingSince="2026-11-23T07:00:00.000Z")

    assert list(index(dynamodb).overdue("1", START, 10)) == [
        PendingRow("1b", "2026-11-23T07:01:00.000Z"),
        PendingRow("1a", "2026-11-23T07:02:00.000Z"),
    ]
    assert [found.image_id for found in index(dynamodb).overdue("1", START, 1)] == ["1b"]


def test_a_row_is_touched_so_that_it_passes_the_stream_again(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "1a")

    assert index(dynamodb).touch(PendingRow("1a", SINCE), START)

    touched = row(dynamodb, "1a")
    assert touched["Attempts"] == {"N": "1"}
    assert touched["PendingSince"] == {"S": "2026-11-23T07:51:11.123Z"}
    assert touched["Status"] == {"S": "NOT_CLASSIFIED"}


def test_two_sweeps_that_meet_touch_a_row_once(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "1a")
    seen = PendingRow("1a", SINCE)

    assert index(dynamodb).touch(seen, START)
    assert not index(dynamodb).touch(seen, START + timedelta(seconds=1))
    assert not index(dynamodb, max_sweeps=1).abandon(seen, "reason")
    assert row(dynamodb, "1a")["Attempts"] == {"N": "1"}


def test_an_exhausted_row_is_abandoned_and_no_other(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "1a")
    pending = index(dynamodb)
    for _ in range(2):
        seen = next(pending.overdue("1", START + timedelta(days=1), 1))
        assert not pending.abandon(seen, "Too early.")
        assert pending.touch(seen, START)

    seen = next(pending.overdue("1", START + timedelta(days=1), 1))
    assert not pending.touch(seen, START)
    assert pending.abandon(seen, "The model did not answer.")

    abandoned = row(dynamodb, "1a")
    assert abandoned["Status"] == {"S": "FAILED"}
    assert abandoned["FailureReason"] == {"S": "The model did not answer."}
    assert list(pending.overdue("1", START + timedelta(days=1), 1)) == []


@pytest.mark.parametrize("status", ["CLASSIFIED", "FAILED"])
def test_a_row_that_is_done_is_left_alone(dynamodb: DynamoDBClient, status: str) -> None:
    insert(dynamodb, "1a", Status=status)
    before = row(dynamodb, "1a")

    assert not index(dynamodb).touch(PendingRow("1a", SINCE), START)
    assert not index(dynamodb, max_sweeps=0).abandon(PendingRow("1a", SINCE), "reason")
    assert row(dynamodb, "1a") == before


def test_a_row_that_is_gone_is_not_resurrected(dynamodb: DynamoDBClient) -> None:
    assert not index(dynamodb).touch(PendingRow("1a", SINCE), START)
    assert not index(dynamodb).abandon(PendingRow("1a", SINCE), "reason")
    assert row(dynamodb, "1a") == {}


def test_an_index_that_does_not_answer_is_transient(dynamodb: DynamoDBClient) -> None:
    with pytest.raises(TransientError, match="The index cannot be read"):
        list(index(dynamodb, name="Elsewhere").overdue("1", START, 10))
