"""The sparse index of the waiting rows, as the sweep needs it."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from invoke_labeller.failure import Failure
from invoke_labeller.ports import PendingRow
from invoke_labeller.times import to_text
from invoke_labeller.transient import transient
from invoke_labeller.waiting_row import WaitingRow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The index lags behind the table, and two sweeps may meet: only who saw the row's present state
# changes it.
_SEEN = "PendingSince = :since"


class PendingIndex:
    """Implements `PendingRows`."""

    def __init__(self, client: "DynamoDBClient", table_name: str, index_name: str) -> None:
        self._client = client
        self._table_name = table_name
        self._index_name = index_name
        self._row = WaitingRow(client, table_name)

    def overdue(self, shard: str, before: datetime, limit: int) -> Iterator[PendingRow]:
        """Yield the rows of a shard whose PendingSince is before a time, the oldest first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table_name,
            IndexName=self._index_name,
            KeyConditionExpression="PendingShard = :shard AND PendingSince < :before",
            ExpressionAttributeValues={":shard": {"S": shard}, ":before": {"S": to_text(before)}},
            ProjectionExpression="Id, PendingSince, Attempts",
            PaginationConfig={"MaxItems": limit, "PageSize": limit},
        )
        with transient("The index cannot be read"):
            for page in pages:
                for item in page["Items"]:
                    attempts = int(item.get("Attempts", {"N": "0"})["N"])
                    yield PendingRow(item["Id"]["S"], item["PendingSince"]["S"], attempts)

    def touch(
        self, row: PendingRow, at: datetime, due: datetime, oldest: datetime, *, counts: bool
    ) -> bool:
        """Send the row through the stream again; False where it is done, gone or too old.

        `SweptSince` is when the sweep took the row up first. Its age counts from there: no row is
        given up for a time in which nothing swept.
        """
        return self._row.update(
            row.image_id,
            "SET PendingSince = :due, SweptSince = if_not_exists(SweptSince, :now),"
            " Attempts = if_not_exists(Attempts, :none) + :more REMOVE LastAttemptAt",
            {
                ":due": {"S": to_text(due)},
                ":now": {"S": to_text(at)},
                ":none": {"N": "0"},
                ":more": {"N": str(int(counts))},
                ":since": {"S": row.since},
                ":oldest": {"S": to_text(oldest)},
            },
            condition=f"{_SEEN} AND (attribute_not_exists(SweptSince) OR SweptSince >= :oldest)",
        )

    def try_last(self, row: PendingRow, at: datetime, due: datetime, oldest: datetime) -> bool:
        """Send a row that is too old through the stream for the last time; False where not."""
        return self._row.update(
            row.image_id,
            "SET PendingSince = :due, LastAttemptAt = :now",
            {
                ":due": {"S": to_text(due)},
                ":now": {"S": to_text(at)},
                ":since": {"S": row.since},
                ":oldest": {"S": to_text(oldest)},
            },
            condition=f"{_SEEN} AND SweptSince < :oldest AND attribute_not_exists(LastAttemptAt)",
        )

    def abandon(self, row: PendingRow, failure: Failure, tried_before: datetime) -> bool:
        """Mark the picture FAILED if its last attempt was sent before a time; False otherwise."""
        return self._row.fail(
            row.image_id,
            failure,
            {":since": {"S": row.since}, ":tried": {"S": to_text(tried_before)}},
            condition=f"{_SEEN} AND LastAttemptAt < :tried",
        )
