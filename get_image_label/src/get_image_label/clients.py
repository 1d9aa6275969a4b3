"""The boto3 client, with explicit limits: botocore's defaults wait a minute and try five times."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Two attempts of at most two seconds each end well before the function's own time-out.
DYNAMODB = Config(
    connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2, "mode": "standard"}
)


def dynamodb() -> "DynamoDBClient":
    """Make the client of the table."""
    return boto3.client("dynamodb", config=DYNAMODB)
