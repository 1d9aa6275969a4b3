"""The composition root: what is made once, when the function starts."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import boto3
import certifi

from submit_image.addresses import AddressPolicy
from submit_image.config import Settings
from submit_image.deadline import Deadline
from submit_image.fetcher import Fetcher
from submit_image.resolver import Resolver
from submit_image.service import Accepted, SubmitImage
from submit_image.storage import (
    DYNAMODB_CONFIG,
    S3_CONFIG,
    STORAGE_SECONDS,
    DynamoDBRecords,
    S3Images,
)
from submit_image.urls import Target

USER_AGENT = "ImageLabeller-SubmitImage/1.0"


class Application:
    """The submission, wired to the environment.

    Args:
        environment: The environment variables.

    Raises:
        ConfigurationError: One of them is missing or wrong.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        settings = Settings.from_environment(environment)
        self._fetch_seconds = settings.fetch_seconds
        self._submit = SubmitImage(
            downloads=Fetcher(
                resolver=Resolver(),
                policy=AddressPolicy(),
                tls=ssl.create_default_context(cafile=certifi.where()),
                trusted=settings.trusted_hosts,
                max_bytes=settings.max_image_bytes,
                user_agent=USER_AGENT,
            ),
            images=S3Images(boto3.client("s3", config=S3_CONFIG), settings.bucket_name),
            records=DynamoDBRecords(
                boto3.client("dynamodb", config=DYNAMODB_CONFIG), settings.table_name
            ),
            retention=timedelta(days=settings.retention_days),
            new_id=uuid4,
            now=lambda: datetime.now(UTC),
        )

    def submit(self, target: Target, remaining_seconds: float) -> Accepted:
        """Submit a picture.

        Args:
            target: Where it is.
            remaining_seconds: What is left of the invocation; enough is kept to store the picture.

        Returns:
            The id and the status.

        Raises:
            Problem: The picture was not accepted.
        """
        seconds = min(self._fetch_seconds, remaining_seconds - STORAGE_SECONDS)
        return self._submit(target, Deadline.after(seconds))
