"""The sparse index of the failed rows, as requeueing needs it."""

from datetime import datetime
from typing import TYPE_CHECKING

from invoke_labeller.conditional_table import ConditionalTable
from invoke_labeller.failure import FailureCode
from invoke_labeller.ports import FailedRow
from invoke_labeller.row import Status
from invoke_labeller.times import to_text
from invoke_labeller.transient import transient

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Before every time that a row may hold.
_EVER = "0"


class FailedIndex:
    """Implements `FailedRows`."""

    def __init__(self, client: "DynamoDBClient", table_name: str, index_name: str) -> None:
        self._client = client
        self._table_name = table_name
        self._index_name = index_name
        self._table = ConditionalTable(client, table_name)

    def failed(
        self, code: FailureCode, start: datetime | None, end: datetime, limit: int
    ) -> list[FailedRow]:
        """Return the rows that failed for a reason from one time to another, the oldest first."""
        with transient("The index of failed rows cannot be read"):
            answer = self._client.query(
                TableName=self._table_name,
                IndexName=self._index_name,
                KeyConditionExpression="FailureCode = :code AND FailedAt BETWEEN :start AND :end",
                ExpressionAttributeValues={
                    ":code": {"S": code},
                    ":start": {"S": to_text(start) if start else _EVER},
                    ":end": {"S": to_text(end)},
                },
                ProjectionExpression="Id, FailedAt",
                Limit=limit,
            )
        return [FailedRow(item["Id"]["S"], item["FailedAt"]["S"]) for item in answer["Items"]]

    def requeue(self, image_id: str, at: datetime) -> bool:
        """Let a FAILED picture wait again, with all its time; False where it is not FAILED.

        A row past its `ExpiresAt` is left alone: it is about to be deleted, and its picture too.
        """
        return self._table.update(
            image_id,
            "SET #Status = :waiting, Label = :waiting, PendingShard = :shard, PendingSince = :now"
            " REMOVE FailureCode, FailureReason, FailedAt, Attempts, SweptSince, LastAttemptAt",
            "#Status = :failed AND (attribute_not_exists(ExpiresAt) OR ExpiresAt > :seconds)",
            {
                ":waiting": {"S": Status.NOT_CLASSIFIED},
                ":failed": {"S": Status.FAILED},
                ":shard": {"S": image_id[0]},
                ":now": {"S": to_text(at)},
                ":seconds": {"N": str(int(at.timestamp()))},
            },
        )
