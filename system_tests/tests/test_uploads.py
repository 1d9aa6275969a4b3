from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from system_tests.uploads import Uploads, temporary

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator["S3Client"]:
    for variable in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(variable, raising=False)
    with mock_aws():
        client = boto3.client(
            "s3", region_name="us-east-1", config=Config(signature_version="s3v4")
        )
        client.create_bucket(Bucket="code")
        yield client


def keys(client: "S3Client") -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket="code").get("Contents", [])]


def test_deletes_its_own_files_and_no_others(client: "S3Client") -> None:
    client.put_object(Bucket="code", Key="system-tests/2/theirs.jpg")
    uploads = Uploads(client, "code", "system-tests/1")
    for name in ("a.jpg", "a.jpg", "b.jpg"):
        uploads.upload(name, b"picture")
    assert uploads.clean() == 2
    assert uploads.clean() == 0
    assert keys(client) == ["system-tests/2/theirs.jpg"]


def test_deletes_them_when_a_run_breaks_off(client: "S3Client") -> None:
    def break_off() -> None:
        with temporary(Uploads(client, "code", "system-tests/1")) as uploads:
            uploads.upload("a.jpg", b"picture")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert keys(client) == []
