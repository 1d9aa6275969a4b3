"""The rows in DynamoDB."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from botocore.exceptions import ClientError

from lambda_common.aws_errors import busy_as_problem, code
from submit_image.ports import RowExistsError
from submit_image.records import Record
from submit_image.row import Status

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_IDENTIFYING = ("Sha256", "SubmittedAt", "SourceUrl")


class Table:
    """Implements `Rows`.

    Args:
        client: boto3's client of DynamoDB.
        name: The table.
    """

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def add(self, row: Record) -> None:
        """Add a row, unless it is there already.

        Args:
            row: The row.

        Raises:
            RowExistsError: Another row has its id.
            TemporarilyUnavailable: DynamoDB is busy or does not answer.
        """
        item = {name: _typed(value) for name, value in row.attributes().items()}
        with busy_as_problem():
            try:
                self._client.put_item(
                    TableName=self._name,
                    Item=item,
                    ConditionExpression="attribute_not_exists(Id)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except ClientError as error:
                if code(error) != "ConditionalCheckFailedException":
                    raise
                found = cast("dict[str, AttributeValueTypeDef]", error.response.get("Item", {}))
                # A repeated attempt meets the row of the first one, whose answer was lost.
                if any(found.get(name) != item.get(name) for name in _IDENTIFYING):
                    raise RowExistsError(_status(found)) from error

    def status(self, image_id: UUID) -> Status | None:
        """Return what a row says, strongly consistent; None where there is none.

        Args:
            image_id: The row's key.

        Raises:
            TemporarilyUnavailable: DynamoDB is busy or does not answer.
        """
        with busy_as_problem():
            answer = self._client.get_item(
                TableName=self._name,
                Key={"Id": {"S": str(image_id)}},
                ConsistentRead=True,
                ProjectionExpression="#Status",
                ExpressionAttributeNames={"#Status": "Status"},
            )
        return _status(answer["Item"]) if "Item" in answer else None

    def remove(self, image_id: UUID) -> None:
        """Delete a row, if there is one.

        Args:
            image_id: The row's key.

        Raises:
            TemporarilyUnavailable: DynamoDB is busy or does not answer.
        """
        with busy_as_problem():
            self._client.delete_item(TableName=self._name, Key={"Id": {"S": str(image_id)}})


def _status(item: "dict[str, AttributeValueTypeDef]") -> Status:
    return Status(item["Status"]["S"])


def _typed(value: str | int) -> "AttributeValueTypeDef":
    return {"S": value} if isinstance(value, str) else {"N": str(value)}
