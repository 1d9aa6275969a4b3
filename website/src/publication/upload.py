"""Puts a packaged page into its bucket.

The files that a page refers to come first and the page last, in one request: whoever loads the page
meanwhile gets the old one or the new one, and everything that it refers to. Repeating it is
harmless.

Somebody may have the old page open, and a cache may have kept it, so that its files stay for a
while. Each publication writes all of its files again; a release was replaced, at the latest, when
the next one was written last.
"""

import zipfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from deploy.errors import DeployError
from publication.release import ASSETS, PAGE, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_s3 import S3Client

KEPT = timedelta(days=30)
# A file whose name holds its digest never changes.
FOR_EVER = "public, max-age=31536000, immutable"
ASKED_FOR_EACH_TIME = "no-cache"


def publish(s3: "S3Client", bucket: str, package: Path) -> str:
    """Publish a packaged page, and delete the files of pages that were replaced long ago.

    Args:
        s3: Client of S3 in the bucket's region.
        bucket: The bucket's name.
        package: The page as `release` packages it.

    Returns:
        A sentence that says what was done.

    Raises:
        DeployError: If it is not there, or S3 refuses something; the page that was there before is
            served then.
    """
    contents = _read(package)
    page = contents.pop(PAGE)
    try:
        for key, content in contents.items():
            _put(s3, bucket, key, content, FOR_EVER)
        _put(s3, bucket, PAGE, page, ASKED_FOR_EACH_TIME)
    except ClientError as error:
        raise DeployError(
            f"The page could not be published in {bucket}, and the one that was there before is "
            f"still served: {error} Once that is repaired, repeat the deployment."
        ) from error
    deleted = _clean(s3, bucket)
    return f"Published {len(contents) + 1} files, and deleted {deleted} of replaced pages:"


def expired(written: "Mapping[str, datetime]", now: datetime) -> set[str]:
    """Choose the releases that were replaced long ago.

    Args:
        written: By release, when its files were last written.
        now: The time now.
    """
    ordered = sorted(written, key=lambda release: written[release])
    return {older for older, newer in pairwise(ordered) if now - written[newer] > KEPT}


def _read(package: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(package) as archive:
            contents = {name: archive.read(name) for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise DeployError(f"{package} cannot be read: {error}. Run make package.") from error
    if PAGE not in contents:
        raise DeployError(f"{package} has no {PAGE}. Run make package.")
    return contents


def _put(s3: "S3Client", bucket: str, key: str, content: bytes, cached: str) -> None:
    kind = TYPES[PurePosixPath(key).suffix]
    s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=kind, CacheControl=cached)


def _clean(s3: "S3Client", bucket: str) -> int:
    """Delete the files of expired releases, and return how many there were."""
    try:
        files = dict(_listed(s3, bucket))
        written: dict[str, datetime] = {}
        for key, when in files.items():
            written[_release(key)] = max(when, written.get(_release(key), when))
        gone = expired(written, datetime.now(UTC))
        keys = [key for key in files if _release(key) in gone]
        for key in keys:
            s3.delete_object(Bucket=bucket, Key=key)
    except ClientError as error:
        raise DeployError(
            f"The page is published in {bucket}, but files of pages that it replaced could not be "
            f"deleted: {error} The next deployment tries again."
        ) from error
    return len(keys)


def _listed(s3: "S3Client", bucket: str) -> "Iterable[tuple[str, datetime]]":
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{ASSETS}/")
    for page in pages:
        for each in page.get("Contents", []):
            yield each["Key"], each["LastModified"]


def _release(key: str) -> str:
    return "/".join(key.split("/")[:2])
