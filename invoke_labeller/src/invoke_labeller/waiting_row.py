"""The one way in which a row that waits is changed: while it exists and waits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from invoke_labeller.conditional_table import ConditionalTable
from invoke_labeller.failure import Failure
from invoke_labeller.row import Status
from invoke_labeller.times import to_text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What only a row that waits has. Without the first two it leaves the sparse index of those.
DONE = "REMOVE PendingShard, PendingSince, SweptSince, LastAttemptAt"


class WaitingRow:
    """Changes rows that exist and wait, and no others."""

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._table = ConditionalTable(client, table_name)

    def update(
        self, image_id: str, changes: str, values: Mapping[str, Any], *, condition: str = ""
    ) -> bool:
        """Change a row if it exists, waits, and fulfils a condition."""
        conditions = ["#Status = :waiting", *filter(None, [condition])]
        return self._table.update(
            image_id,
            changes,
            " AND ".join(conditions),
            {":waiting": {"S": Status.NOT_CLASSIFIED}, **values},
        )

    def fail(
        self,
        image_id: str,
        failure: Failure,
        values: Mapping[str, Any] | None = None,
        *,
        condition: str = "",
    ) -> bool:
        """Mark a row FAILED if it exists, waits, and fulfils a condition; see `update`.

        `Label` says so too: whoever knows that field alone waits no longer. `FailureCode` and
        `FailedAt` put the row into the sparse index of the failed ones.
        """
        return self.update(
            image_id,
            "SET #Status = :failed, Label = :failed, FailureCode = :code,"
            f" FailureReason = :reason, FailedAt = :at {DONE}",
            {
                ":failed": {"S": Status.FAILED},
                ":code": {"S": failure.code},
                ":reason": {"S": failure.reason},
                ":at": {"S": to_text(failure.at)},
                **(values or {}),
            },
            condition=condition,
        )
