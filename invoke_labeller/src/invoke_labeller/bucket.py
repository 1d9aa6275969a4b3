"""The pictures in S3."""

from contextlib import closing
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from invoke_labeller.errors import PermanentError
from invoke_labeller.failure import REASONS, FailureCode
from invoke_labeller.transient import transient
from lambda_common.aws_errors import code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MAX_BYTES = 64 * 1024 * 1024


class Bucket:
    """Implements `Pictures`: a picture's key is its id."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self._name = name

    def read(self, image_id: str) -> bytes:
        """Return the stored file.

        The object is written before the row, so one that is missing was deleted or has expired.
        S3 says NoSuchKey only to whom it lets list the bucket, AccessDenied to others
        (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
        """
        with transient("The picture cannot be read", FailureCode.STORAGE_UNAVAILABLE):
            try:
                answer = self._client.get_object(Bucket=self._name, Key=image_id)
            except ClientError as error:
                if code(error) == "NoSuchKey":
                    missing = FailureCode.PICTURE_MISSING
                    raise PermanentError(REASONS[missing], missing) from error
                raise
            # The body's own context manager gives urllib3's stream, and with it urllib3's errors.
            with closing(answer["Body"]) as body:
                if answer["ContentLength"] > MAX_BYTES:
                    raise PermanentError(
                        f"The picture's file is larger than {MAX_BYTES // 2**20} MiB.",
                        FailureCode.FILE_TOO_LARGE,
                    )
                return body.read()
