"""The bucket and the table, through boto3."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast
from uuid import UUID

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from submit_image.pictures import Picture
from submit_image.problems import TemporarilyUnavailable
from submit_image.records import Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef
    from mypy_boto3_s3 import S3Client

# urllib3 sends the body under the connect timeout, so S3's allows for an upload.
S3_CONFIG = Config(
    connect_timeout=2,
    read_timeout=3,
    retries={"total_max_attempts": 2, "mode": "standard"},
)
DYNAMODB_CONFIG = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"total_max_attempts": 2, "mode": "standard"},
)
# What both need at worst: two attempts each, and at most a second's pause before the second one.
STORAGE_SECONDS = 2 * (2 + 3) + 1 + 2 * (1 + 1) + 1

_CONDITION_FAILED = "ConditionalCheckFailedException"
_SERVER_ERROR = 500
_THROTTLES = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
    }
)


class S3Images:
    """Pictures in a bucket, each under its id.

    Args:
        client: boto3's client of S3.
        bucket_name: The bucket.
    """

    def __init__(self, client: "S3Client", bucket_name: str) -> None:
        self._client = client
        self._bucket_name = bucket_name

    def put(self, image_id: UUID, picture: Picture) -> None:
        """Store a picture; S3 verifies its SHA-256 digest.

        Args:
            image_id: The key.
            picture: The picture.

        Raises:
            TemporarilyUnavailable: S3 is busy or does not answer.
        """
        with _busy_as_problem():
            self._client.put_object(
                Bucket=self._bucket_name,
                Key=str(image_id),
                Body=picture.content,
                ContentType=picture.content_type,
                ChecksumSHA256=base64.b64encode(picture.sha256).decode(),
            )


class DynamoDBRecords:
    """Rows in a table.

    Args:
        client: boto3's client of DynamoDB.
        table_name: The table.
    """

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table_name = table_name

    def add(self, record: Record) -> None:
        """Add a row, unless it is there already.

        Args:
            record: The row.

        Raises:
            TemporarilyUnavailable: DynamoDB is busy or does not answer.
        """
        item = {name: _typed(value) for name, value in record.attributes().items()}
        with _busy_as_problem():
            try:
                self._client.put_item(
                    TableName=self._table_name,
                    Item=item,
                    ConditionExpression="attribute_not_exists(Id)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except ClientError as error:
                # A repeated attempt meets the row of the first one, whose answer was lost.
                if not (_code(error) == _CONDITION_FAILED and _is_ours(error, item)):
                    raise


def _is_ours(error: ClientError, item: "dict[str, AttributeValueTypeDef]") -> bool:
    found = cast("dict[str, AttributeValueTypeDef]", error.response.get("Item", {}))
    return all(found.get(name) == item[name] for name in ("Sha256", "SubmittedAt", "SourceUrl"))


def _typed(value: str | int) -> "AttributeValueTypeDef":
    return {"S": value} if isinstance(value, str) else {"N": str(value)}


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


@contextmanager
def _busy_as_problem() -> Iterator[None]:
    busy = TemporarilyUnavailable("The service is busy. Try again in a few seconds.")
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if _code(error) in _THROTTLES or status >= _SERVER_ERROR:
            raise busy from error
        raise
    except (HTTPClientError, NoConnectionError) as error:
        raise busy from error
