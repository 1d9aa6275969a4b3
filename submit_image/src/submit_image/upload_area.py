"""The part of the bucket that clients upload to, under policies that this function signs."""

from typing import TYPE_CHECKING
from uuid import UUID

from botocore.exceptions import ClientError, FlexibleChecksumError, IncompleteReadError

from lambda_common.aws_errors import busy_as_problem, code
from lambda_common.problems import TemporarilyUnavailable
from submit_image.ports import Form
from submit_image.problems import ImageTooLarge

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "uploads/"
# GetObject names the error, HeadObject has only the status.
_MISSING = ("NoSuchKey", "404")


class UploadArea:
    """Implements `Uploads`: an upload's key is its id under the prefix.

    Args:
        client: boto3's client of S3, which signs by Signature Version 4.
        name: The bucket.
        max_bytes: The largest file that is read, in bytes.
    """

    def __init__(self, client: "S3Client", name: str, max_bytes: int) -> None:
        self._client = client
        self._name = name
        self._max_bytes = max_bytes

    def form(self, upload_id: UUID, content_type: str, length: int, seconds: int) -> Form:
        """Sign a policy that lets one file be uploaded.

        S3 refuses what differs from it, and what comes late:
        https://docs.aws.amazon.com/AmazonS3/latest/developerguide/sigv4-HTTPPOSTConstructPolicy.html

        Args:
            upload_id: The id.
            content_type: The file's media type.
            length: The file's size in bytes, to the byte.
            seconds: How long the policy is valid.

        Returns:
            Where the form goes, and its fields.
        """
        post = self._client.generate_presigned_post(
            self._name,
            _key(upload_id),
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", length, length]],
            ExpiresIn=seconds,
        )
        return Form(post["url"], post["fields"])

    def read(self, upload_id: UUID) -> bytes | None:
        """Return an uploaded file, None where there is none.

        Args:
            upload_id: The id.

        Raises:
            ImageTooLarge: It is larger than what is accepted now.
            TemporarilyUnavailable: S3 is busy or does not answer.
        """
        with busy_as_problem():
            try:
                answer = self._client.get_object(Bucket=self._name, Key=_key(upload_id))
            except ClientError as error:
                if code(error) in _MISSING:
                    return None
                raise
            if answer["ContentLength"] > self._max_bytes:
                answer["Body"].close()
                raise ImageTooLarge(f"The file has more than {self._max_bytes} bytes.")
            try:
                return answer["Body"].read()
            except (IncompleteReadError, FlexibleChecksumError) as error:
                # botocore tries a body no second time.
                raise TemporarilyUnavailable(
                    "The upload could not be read. Try again in a few seconds."
                ) from error

    def exists(self, upload_id: UUID) -> bool:
        """Tell whether there is an upload.

        Args:
            upload_id: The id.

        Raises:
            TemporarilyUnavailable: S3 is busy or does not answer.
        """
        with busy_as_problem():
            try:
                self._client.head_object(Bucket=self._name, Key=_key(upload_id))
            except ClientError as error:
                if code(error) in _MISSING:
                    return False
                raise
        return True

    def remove(self, upload_id: UUID) -> None:
        """Delete an upload, if there is one.

        Args:
            upload_id: The id.

        Raises:
            TemporarilyUnavailable: S3 is busy or does not answer.
        """
        with busy_as_problem():
            self._client.delete_object(Bucket=self._name, Key=_key(upload_id))


def _key(upload_id: UUID) -> str:
    return f"{PREFIX}{upload_id}"
