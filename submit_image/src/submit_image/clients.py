"""The boto3 clients, with explicit limits: botocore's defaults wait a minute and try five times."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

# urllib3 sends the body under the connect timeout, so S3's allows for an upload.
S3 = Config(
    connect_timeout=2,
    read_timeout=3,
    retries={"total_max_attempts": 2, "mode": "standard"},
    # A form is sent to the bucket's own host in its region: a new bucket's general host redirects,
    # which no form survives, and the page may connect to this host alone.
    signature_version="s3v4",
    s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
)
DYNAMODB = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"total_max_attempts": 2, "mode": "standard"},
)
# What both need at worst: two attempts each, and at most a second's pause before the second one.
STORAGE_SECONDS = 2 * (2 + 3) + 1 + 2 * (1 + 1) + 1


def s3() -> "S3Client":
    """Make the client of the bucket."""
    return boto3.client("s3", config=S3)


def dynamodb() -> "DynamoDBClient":
    """Make the client of the table."""
    return boto3.client("dynamodb", config=DYNAMODB)
