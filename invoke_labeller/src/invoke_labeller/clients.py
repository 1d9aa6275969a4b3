"""The boto3 clients, with explicit limits: botocore's defaults wait a minute and try five times.

`batch.RESERVED_MILLISECONDS` is more than one picture takes at worst: two calls of DynamoDB and
one of S3 at 9 s each, one of the endpoint at 43 s, and decoding.
"""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

STORE = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2}
)
# SageMaker lets a model take 60 s; one that takes 20 s for a small JPEG is not well.
ENDPOINT = Config(
    connect_timeout=1, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 2}
)


def dynamodb() -> "DynamoDBClient":
    """Make the client of the table."""
    return boto3.client("dynamodb", config=STORE)


def s3() -> "S3Client":
    """Make the client of the bucket."""
    return boto3.client("s3", config=STORE)


def sagemaker_runtime() -> "SageMakerRuntimeClient":
    """Make the client of the endpoint."""
    return boto3.client("sagemaker-runtime", config=ENDPOINT)
