from datetime import timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import Failure, FailureCode
from invoke_labeller.pending_index import PendingIndex
from invoke_labeller.ports import PendingRow
from tests.conftest import INDEX, TABLE, insert, row
from tests.support import START

SINCE = "2026-11-23T07:51:10.623Z"
SEEN = PendingRow("1a", SINCE)
DUE = START + timedelta(minutes=45)
DAY = timedelta(days=1)
UNFINISHED = Failure(FailureCode.UNFINISHED, "No attempt came to an end.", START)


def index(client: DynamoDBClient, name: str = INDEX) -> PendingIndex:
    return PendingIndex(client, TABLE, name)


def touch(client: DynamoDBClient, seen: PendingRow = SEEN, *, counts: bool = True) -> bool:
    return index(client).touch(seen, START, DUE, START - DAY, counts=counts)


def try_last(client: DynamoDBClient, seen: PendingRow = SEEN) -> bool:
    return index(client).try_last(seen, START, DUE, START - DAY)


def abandon(client: DynamoDBClient, seen: PendingRow = SEEN) -> bool:
    return index(client).abandon(seen, UNFINISHED, START - timedelta(hours=1))


def old(client: DynamoDBClient, **more: str) -> None:
    insert(client, "1a", SweptSince="2026-11-22T07:51:11.122Z", **more)


def test_the_overdue_rows_of_a_shard_come_oldest_first(dynamodb: DynamoDBClient) -> None:
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

    assert touch(dynamodb)

    touched = row(dynamodb, "1a")
    assert touched["Attempts"] == {"N": "1"}
    assert touched["PendingSince"] == {"S": "2026-11-23T08:36:11.123Z"}
    assert touched["SweptSince"] == {"S": "2026-11-23T07:51:11.123Z"}
    assert touched["Status"] == {"S": "NOT_CLASSIFIED"}


def test_the_index_tells_how_often_a_row_was_touched_and_age_counts_from_the_first(
    dynamodb: DynamoDBClient,
) -> None:
    insert(dynamodb, "1a")
    touch(dynamodb)
    (seen,) = index(dynamodb).overdue("1", START + DAY, 1)
    assert seen.attempts == 1

    assert index(dynamodb).touch(seen, START + DAY, DUE + DAY, START, counts=True)

    assert row(dynamodb, "1a")["Attempts"] == {"N": "2"}
    assert row(dynamodb, "1a")["SweptSince"] == {"S": "2026-11-23T07:51:11.123Z"}


def test_a_manual_touch_does_not_count(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "1a")

    assert touch(dynamodb, counts=False)

    assert row(dynamodb, "1a")["Attempts"] == {"N": "0"}


def test_two_sweeps_that_meet_touch_a_row_once(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "1a")

    assert touch(dynamodb)
    assert not touch(dynamodb)
    assert not try_last(dynamodb)
    assert not abandon(dynamodb)
    assert row(dynamodb, "1a")["Attempts"] == {"N": "1"}


def test_a_row_that_is_too_old_gets_one_last_attempt(dynamodb: DynamoDBClient) -> None:
    old(dynamodb)

    assert not touch(dynamodb)
    assert not abandon(dynamodb)
    assert try_last(dynamodb)

    found = row(dynamodb, "1a")
    assert found["LastAttemptAt"] == {"S": "2026-11-23T07:51:11.123Z"}
    assert found["PendingSince"] == {"S": "2026-11-23T08:36:11.123Z"}
    assert found["Status"] == {"S": "NOT_CLASSIFIED"}
    (seen,) = index(dynamodb).overdue("1", START + DAY, 1)
    assert not try_last(dynamodb, seen)


@pytest.mark.parametrize("more", [{}, {"SweptSince": "2026-11-22T07:51:11.123Z"}])
def test_a_row_that_is_not_too_old_gets_no_last_attempt(
    dynamodb: DynamoDBClient, more: dict[str, str]
) -> None:
    insert(dynamodb, "1a", **more)

    assert not try_last(dynamodb)
    assert touch(dynamodb)


def test_a_row_that_may_be_older_again_has_no_last_attempt(dynamodb: DynamoDBClient) -> None:
    insert(dynamodb, "1a", SweptSince="2026-11-22T07:51:11.123Z", LastAttemptAt="2026-11-23")

    assert touch(dynamodb)

    assert "LastAttemptAt" not in row(dynamodb, "1a")


def test_a_row_whose_last_attempt_came_to_no_end_is_abandoned(dynamodb: DynamoDBClient) -> None:
    old(dynamodb, LastAttemptAt="2026-11-23T06:51:11.122Z")

    assert abandon(dynamodb)

    abandoned = row(dynamodb, "1a")
    assert abandoned["Status"] == {"S": "FAILED"}
    assert abandoned["FailureCode"] == {"S": "unfinished"}
    assert abandoned["FailureReason"] == {"S": "No attempt came to an end."}
    assert list(index(dynamodb).overdue("1", START + DAY, 1)) == []


def test_a_last_attempt_that_may_be_under_way_is_waited_for(dynamodb: DynamoDBClient) -> None:
    old(dynamodb, LastAttemptAt="2026-11-23T06:51:11.123Z")

    assert not abandon(dynamodb)


@pytest.mark.parametrize("status", ["CLASSIFIED", "FAILED"])
def test_a_row_that_is_done_is_left_alone(dynamodb: DynamoDBClient, status: str) -> None:
    old(dynamodb, Status=status, LastAttemptAt="2026-11-23T06:00:00.000Z")
    before = row(dynamodb, "1a")

    assert not touch(dynamodb)
    assert not try_last(dynamodb)
    assert not abandon(dynamodb)
    assert row(dynamodb, "1a") == before


def test_a_row_that_is_gone_is_not_resurrected(dynamodb: DynamoDBClient) -> None:
    assert not touch(dynamodb)
    assert not try_last(dynamodb)
    assert not abandon(dynamodb)
    assert row(dynamodb, "1a") == {}


def test_an_index_that_does_not_answer_is_transient(dynamodb: DynamoDBClient) -> None:
    with pytest.raises(TransientError, match="The index cannot be read"):
        list(index(dynamodb, "Elsewhere").overdue("1", START, 10))
