"""The one way in which a row is changed: while it exists and waits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from invoke_labeller.aws_errors import code, transient
from invoke_labeller.status import FAILED, NOT_CLASSIFIED

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Without them a row leaves the sparse index of the waiting ones.
DONE = "REMOVE PendingShard, PendingSince"


class WaitingRow:
    """Changes rows that exist and wait, and no others."""

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def update(
        self, image_id: str, changes: str, values: Mapping[str, Any], *, condition: str = ""
    ) -> bool:
        """Change a row if it exists, waits, and fulfils a condition.

        Args:
            image_id: The row's key.
            changes: An update expression.
            values: The values that the expressions name, in DynamoDB's JSON.
            condition: A further condition expression.

        Returns:
            Whether the row was changed. DynamoDB decides it and changes the row in one step, so of
            several attempts at most one succeeds.

        Raises:
            TransientError: DynamoDB did not answer.
        """
        conditions = ["attribute_exists(Id)", "#Status = :waiting", *filter(None, [condition])]
        with transient("The row cannot be written"):
            try:
                self._client.update_item(
                    TableName=self._table_name,
                    Key={"Id": {"S": image_id}},
                    UpdateExpression=changes,
                    ConditionExpression=" AND ".join(conditions),
                    ExpressionAttributeNames={"#Status": "Status"},
                    ExpressionAttributeValues={":waiting": {"S": NOT_CLASSIFIED}, **values},
                )
            except ClientError as error:
                if code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def fail(
        self,
        image_id: str,
        reason: str,
        values: Mapping[str, Any] | None = None,
        *,
        condition: str = "",
    ) -> bool:
        """Mark a row FAILED if it exists, waits, and fulfils a condition; see `update`."""
        return self.update(
            image_id,
            f"SET #Status = :failed, FailureReason = :reason {DONE}",
            {":failed": {"S": FAILED}, ":reason": {"S": reason}, **(values or {})},
            condition=condition,
        )
