"""The rows in DynamoDB."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config as ClientConfig
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004 # botocore's

from get_image_label.problems import TemporarilyUnavailable
from get_image_label.records import ATTRIBUTES, Row

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SERVER_ERROR = 500
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
PASSING = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
    }
)

# Two attempts of at most two seconds each end well before the function's own time-out.
CLIENT_CONFIG = ClientConfig(
    connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2}
)

# `Status` is one of DynamoDB's reserved words, so names are given as placeholders.
PLACEHOLDERS = {f"#{name}": name for name in ATTRIBUTES}


def make_client() -> "DynamoDBClient":
    """Make the client for DynamoDB, bounded in time.

    Returns:
        A client for the region and credentials of the environment.
    """
    return boto3.client("dynamodb", config=CLIENT_CONFIG)


class DynamoDBRecords:
    """Reads rows from the table that dynamodb_infra owns."""

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table_name = table_name
        self._deserializer = TypeDeserializer()

    def get(self, image_id: str) -> Row | None:
        """Read a row, strongly consistent: an image that was just submitted is never unknown.

        Args:
            image_id: A UUID in lower case.

        Returns:
            The attributes in `ATTRIBUTES` that the row has, or None where there is no row.

        Raises:
            TemporarilyUnavailable: DynamoDB throttles, fails or does not answer.
        """
        try:
            answer = self._client.get_item(
                TableName=self._table_name,
                Key={"Id": {"S": image_id}},
                ConsistentRead=True,
                ProjectionExpression=", ".join(PLACEHOLDERS),
                ExpressionAttributeNames=PLACEHOLDERS,
            )
        except ClientError as error:
            # What a gateway in between answers has no code of DynamoDB's.
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if error.response["Error"]["Code"] in PASSING or status >= SERVER_ERROR:
                raise _unavailable() from error
            raise
        except (ConnectionError, HTTPClientError) as error:
            raise _unavailable() from error
        return self._plain(answer["Item"]) if "Item" in answer else None

    def _plain(self, item: Mapping[str, Any]) -> Row:
        return {name: self._deserializer.deserialize(value) for name, value in item.items()}


def _unavailable() -> TemporarilyUnavailable:
    return TemporarilyUnavailable(
        "The image cannot be looked up right now: try again in a few seconds."
    )
