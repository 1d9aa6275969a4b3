"""The boto3 clients, with explicit limits: botocore's defaults wait a minute and try five times.

`batch.RESERVED_MILLISECONDS` is more than one picture takes at worst: two calls of DynamoDB and
one of S3 at 9 s each, one of the endpoint at 73 s, and decoding.
"""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

# As many as the template's parameter Threads may be; the sweep has fewer.
CONNECTIONS = 32
# botocore puts its own together for each call, which takes a tenth of the call's processor time.
USER_AGENT = "ImageLabeller"
STORE = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=CONNECTIONS,
    user_agent=USER_AGENT,
)
# SageMaker gives a model 60 s, in which a serverless endpoint also starts, and recommends a
# timeout of 70 s for one that needs them. A second attempt would have the model do the same work
# twice, while the first goes on: what fails is delivered again.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
ENDPOINT = Config(
    connect_timeout=3,
    read_timeout=70,
    retries={"mode": "standard", "total_max_attempts": 1},
    max_pool_connections=CONNECTIONS,
    user_agent=USER_AGENT,
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
