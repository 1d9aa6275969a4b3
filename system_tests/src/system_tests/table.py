"""The table of rows, to see that nothing was stored."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class NotInspectableError(Exception):
    """The table is too large to be read for a test, or the suite may not read it."""


class Table:
    """The images' rows.

    Args:
        client: The client.
        name: The table's name.
        scan_limit: The largest number of rows that are read.
    """

    def __init__(self, client: "DynamoDBClient", name: str, scan_limit: int) -> None:
        self._client = client
        self._name = name
        self._scan_limit = scan_limit

    def ids_from(self, text: str) -> list[str]:
        """Find the rows of pictures that came from certain URLs.

        Args:
            text: What the URLs contain.

        Returns:
            The rows' ids.

        Raises:
            NotInspectableError: The table is too large, or the suite may not read it.
        """
        try:
            # DynamoDB counts every six hours or so, which is near enough to spare a large table.
            rows = self._client.describe_table(TableName=self._name)["Table"]["ItemCount"]
            if rows > self._scan_limit:
                raise NotInspectableError(
                    f"{self._name} has {rows} rows, too many to read them all"
                )
            pages = self._client.get_paginator("scan").paginate(
                TableName=self._name,
                ConsistentRead=True,
                ProjectionExpression="Id",
                FilterExpression="contains(SourceUrl, :text)",
                ExpressionAttributeValues={":text": {"S": text}},
            )
            return [item["Id"]["S"] for page in pages for item in page["Items"]]
        except ClientError as error:
            if "AccessDenied" in error.response["Error"]["Code"]:
                raise NotInspectableError(f"{self._name} may not be read by the suite") from error
            raise
