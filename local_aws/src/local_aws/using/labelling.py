"""Gives the application URLs of files on this machine."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws import clients
from local_aws.errors import CloudError, UsageError
from local_aws.using.pictures import printable

if TYPE_CHECKING:
    from local_aws.cloud import Cloud

URL_LIFETIME = 900


def upload(cloud: "Cloud", file: Path) -> str:
    """Upload a file to the bucket for code and return a URL by which the application can fetch it.

    Args:
        cloud: The cloud.
        file: A picture.

    Raises:
        UsageError: If there is no such file, or it cannot be read.
        CloudError: If there is no such bucket.
    """
    content = _read(file)
    buckets = [o["CodeBucketName"] for o in cloud.outputs().values() if "CodeBucketName" in o]
    if not buckets:
        raise CloudError("No deployed stack has an output CodeBucketName: make deploy")
    s3 = clients.s3(cloud.url, cloud.settings.region)
    # The bucket's lifecycle removes what is under this prefix.
    bucket, key = buckets[0], f"uploads/{uuid.uuid4()}"
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    where = {"Bucket": bucket, "Key": key}
    return s3.generate_presigned_url("get_object", Params=where, ExpiresIn=URL_LIFETIME)


def _read(file: Path) -> bytes:
    name = printable(str(file))
    if not file.is_file():
        raise UsageError(f"There is no file {name}.")
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from error
