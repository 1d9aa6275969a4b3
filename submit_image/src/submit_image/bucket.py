"""The pictures in S3."""

import base64
from typing import TYPE_CHECKING
from uuid import UUID

from lambda_common.aws_errors import busy_as_problem
from submit_image.pictures import Picture

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Bucket:
    """Implements `Pictures`: a picture's key is its id.

    Args:
        client: boto3's client of S3.
        name: The bucket.
    """

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self._name = name

    def put(self, image_id: UUID, picture: Picture) -> None:
        """Store a picture; S3 verifies its SHA-256 digest.

        Args:
            image_id: The key.
            picture: The picture.

        Raises:
            TemporarilyUnavailable: S3 is busy or does not answer.
        """
        with busy_as_problem():
            self._client.put_object(
                Bucket=self._name,
                Key=str(image_id),
                Body=picture.content,
                ContentType=picture.content_type,
                ChecksumSHA256=base64.b64encode(picture.sha256).decode(),
            )

    def remove(self, image_id: UUID) -> None:
        """Delete a picture, if there is one.

        Args:
            image_id: The key.

        Raises:
            TemporarilyUnavailable: S3 is busy or does not answer.
        """
        with busy_as_problem():
            self._client.delete_object(Bucket=self._name, Key=str(image_id))
