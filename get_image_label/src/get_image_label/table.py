"""The rows in DynamoDB."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer

from get_image_label.records import Row
from get_image_label.row import READ
from lambda_common.aws_errors import busy_as_problem

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# `Status` is one of DynamoDB's reserved words, so names are given as placeholders.
PLACEHOLDERS = {f"#{name}": name for name in READ}


class Table:
    """Implements `Rows`.

    Args:
        client: boto3's client of DynamoDB.
        name: The table.
    """

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name
        self._deserializer = TypeDeserializer()

    def get(self, image_id: str) -> Row | None:
        """Read a row, strongly consistent: an image that was just submitted is never unknown.

        Args:
            image_id: A UUID in lower case.

        Returns:
            The attributes in `READ` that the row has, or None where there is no row.

        Raises:
            TemporarilyUnavailable: DynamoDB is busy or does not answer.
        """
        with busy_as_problem():
            answer = self._client.get_item(
                TableName=self._name,
                Key={"Id": {"S": image_id}},
                ConsistentRead=True,
                ProjectionExpression=", ".join(PLACEHOLDERS),
                ExpressionAttributeNames=PLACEHOLDERS,
            )
        return self._plain(answer["Item"]) if "Item" in answer else None

    def _plain(self, item: Mapping[str, Any]) -> Row:
        return {name: self._deserializer.deserialize(value) for name, value in item.items()}
