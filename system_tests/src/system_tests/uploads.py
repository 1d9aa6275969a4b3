"""Pictures that are uploaded for the duration of a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VALID_SECONDS = 900


class Uploads:
    """Files in a bucket, under a prefix of their own, that anybody with their URL may read.

    Args:
        client: The client; it has to sign by Signature Version 4.
        bucket: The bucket's name.
        prefix: What the keys begin with, without a slash at its end.
    """

    def __init__(self, client: "S3Client", bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._keys: dict[str, None] = {}
        self.prefix = prefix

    def upload(self, name: str, content: bytes, content_type: str = "image/jpeg") -> str:
        """Upload a file.

        Args:
            name: Its name under the prefix.
            content: Its bytes.
            content_type: What the bucket says it is, be it true or not.

        Returns:
            A presigned URL.
        """
        key = f"{self.prefix}/{name}"
        # It is noted first: a lost answer leaves nobody knowing whether the file is there.
        self._keys[key] = None
        self._client.put_object(
            Bucket=self._bucket, Key=key, Body=content, ContentType=content_type
        )
        return self.presign(name)

    def presign(self, name: str) -> str:
        """Return a presigned URL of a file, whether or not it is there.

        Args:
            name: The file's name under the prefix.

        Returns:
            A URL that is good for a quarter of an hour.
        """
        return self._client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self._bucket, "Key": f"{self.prefix}/{name}"},
            ExpiresIn=VALID_SECONDS,
        )

    def clean(self) -> int:
        """Delete what was uploaded.

        Returns:
            The number of files.
        """
        number = len(self._keys)
        while self._keys:
            key = next(iter(self._keys))
            self._client.delete_object(Bucket=self._bucket, Key=key)
            del self._keys[key]
        return number


@contextmanager
def temporary(uploads: Uploads) -> Iterator[Uploads]:
    """Delete what was uploaded at the end, also after an exception.

    Args:
        uploads: The uploads.

    Yields:
        The uploads.
    """
    try:
        yield uploads
    finally:
        uploads.clean()
