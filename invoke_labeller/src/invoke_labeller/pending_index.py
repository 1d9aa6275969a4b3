"""The sparse index of the waiting rows, as the sweep needs it."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from invoke_labeller.aws_errors import transient
from invoke_labeller.ports import PendingRow
from invoke_labeller.times import to_text
from invoke_labeller.waiting_row import WaitingRow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The index lags behind the table, and two sweeps may meet: only who saw the row's present state
# changes it.
_SEEN = "PendingSince = :since"


class PendingIndex:
    """Implements `PendingRows`."""

    def __init__(
        self, client: "DynamoDBClient", table_name: str, index_name: str, max_sweeps: int
    ) -> None:
        self._client = client
        self._table_name = table_name
        self._index_name = index_name
        self._row = WaitingRow(client, table_name)
        self._max_sweeps = {"N": str(max_sweeps)}

    def overdue(self, shard: str, before: datetime, limit: int) -> Iterator[PendingRow]:
        """Yield the rows of a shard that wait since before a time, the longest waiting first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table_name,
            IndexName=self._index_name,
            KeyConditionExpression="PendingShard = :shard AND PendingSince < :before",
            ExpressionAttributeValues={":shard": {"S": shard}, ":before": {"S": to_text(before)}},
            ProjectionExpression="Id, PendingSince",
            PaginationConfig={"MaxItems": limit, "PageSize": limit},
        )
        with transient("The index cannot be read"):
            for page in pages:
                for item in page["Items"]:
                    yield PendingRow(item["Id"]["S"], item["PendingSince"]["S"])

    def touch(self, row: PendingRow, at: datetime) -> bool:
        """Send the row through the stream again; False where it is done, gone or exhausted."""
        return self._row.update(
            row.image_id,
            "SET PendingSince = :now, Attempts = if_not_exists(Attempts, :none) + :one",
            {
                ":now": {"S": to_text(at)},
                ":none": {"N": "0"},
                ":one": {"N": "1"},
                ":since": {"S": row.since},
                ":max": self._max_sweeps,
            },
            condition=f"{_SEEN} AND (attribute_not_exists(Attempts) OR Attempts < :max)",
        )

    def abandon(self, row: PendingRow, reason: str) -> bool:
        """Mark the picture FAILED where its attempts are exhausted; False otherwise."""
        return self._row.fail(
            row.image_id,
            reason,
            {":since": {"S": row.since}, ":max": self._max_sweeps},
            condition=f"{_SEEN} AND Attempts >= :max",
        )
