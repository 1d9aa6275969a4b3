"""Changes rows on a condition, in one step."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from invoke_labeller.transient import transient
from lambda_common.aws_errors import code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ConditionalTable:
    """Changes rows that exist and fulfil a condition, and no others."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def update(
        self, image_id: str, changes: str, condition: str, values: Mapping[str, Any]
    ) -> bool:
        """Change a row if it exists and fulfils a condition.

        Args:
            image_id: The row's key.
            changes: An update expression.
            condition: A condition expression.
            values: The values that both name, in DynamoDB's JSON.

        Returns:
            Whether the row was changed. DynamoDB decides it and changes the row in one step, so of
            several attempts at most one succeeds.

        Raises:
            TransientError: DynamoDB did not answer.
        """
        with transient("The row cannot be written"):
            try:
                self._client.update_item(
                    TableName=self._name,
                    Key={"Id": {"S": image_id}},
                    UpdateExpression=changes,
                    ConditionExpression=f"attribute_exists(Id) AND {condition}",
                    ExpressionAttributeNames={"#Status": "Status"},
                    ExpressionAttributeValues=dict(values),
                )
            except ClientError as error:
                if code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True
