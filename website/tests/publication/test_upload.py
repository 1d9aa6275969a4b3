"""What a publication puts into the bucket, in which order, and what it leaves when it fails."""

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

import postdeploy
from deploy.errors import DeployError
from publication import upload
from tests.support import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

BUCKET = "open-devops-website-us-west-1-123456789012"
NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> "Iterator[S3Client]":
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3", REGION)
        client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-1"}
        )
        yield client


def package(tmp_path: Path, release: str) -> Path:
    file = tmp_path / f"{release}.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"assets/{release}/app.js", f"// {release}")
        archive.writestr(f"assets/{release}/style.css", "p {}")
        archive.writestr("index.html", f'<script src="assets/{release}/app.js"></script>')
    return file


def keys(s3: "S3Client") -> set[str]:
    return {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_each_file_is_stored_with_its_type_and_how_long_it_may_be_kept(
    s3: "S3Client", tmp_path: Path
) -> None:
    upload.publish(s3, BUCKET, package(tmp_path, "one"))

    stored = {key: s3.head_object(Bucket=BUCKET, Key=key) for key in keys(s3)}
    assert {key: (each["ContentType"], each["CacheControl"]) for key, each in stored.items()} == {
        "index.html": ("text/html; charset=utf-8", "no-cache"),
        "assets/one/app.js": ("text/javascript; charset=utf-8", upload.FOR_EVER),
        "assets/one/style.css": ("text/css; charset=utf-8", upload.FOR_EVER),
    }


def test_the_page_comes_last(s3: "S3Client", tmp_path: Path) -> None:
    order: list[str] = []
    s3.meta.events.register(
        "provide-client-params.s3.PutObject", lambda params, **_: order.append(params["Key"])
    )

    upload.publish(s3, BUCKET, package(tmp_path, "one"))

    assert order[-1] == "index.html"
    assert len(order) == 3


def test_a_publication_that_fails_leaves_the_old_page(s3: "S3Client", tmp_path: Path) -> None:
    # Given
    upload.publish(s3, BUCKET, package(tmp_path, "one"))
    before = s3.get_object(Bucket=BUCKET, Key="index.html")["Body"].read()

    # When S3 refuses the second file
    refusing = boto3.client("s3", REGION)
    with Stubber(refusing) as stub:
        stub.add_response("put_object", {})
        stub.add_client_error("put_object", "AccessDenied", "Access Denied")
        with pytest.raises(DeployError, match=r"still served: .*AccessDenied.*repeat"):
            upload.publish(refusing, BUCKET, package(tmp_path, "two"))

    # Then
    assert s3.get_object(Bucket=BUCKET, Key="index.html")["Body"].read() == before
    assert "assets/one/app.js" in keys(s3)


def test_repeating_it_changes_nothing(s3: "S3Client", tmp_path: Path) -> None:
    first = upload.publish(s3, BUCKET, package(tmp_path, "one"))
    before = keys(s3)

    assert upload.publish(s3, BUCKET, package(tmp_path, "one")) == first
    assert keys(s3) == before
    assert first == "Published 3 files, and deleted 0 of replaced pages:"


def test_the_files_of_a_replaced_page_stay_for_a_while(s3: "S3Client", tmp_path: Path) -> None:
    for release in ("one", "two"):
        upload.publish(s3, BUCKET, package(tmp_path, release))

    assert {"assets/one/app.js", "assets/two/app.js"} <= keys(s3)


def test_those_that_were_replaced_long_ago_are_deleted(
    s3: "S3Client", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for release in ("one", "two", "three"):
        upload.publish(s3, BUCKET, package(tmp_path, release))
    monkeypatch.setattr(upload, "expired", lambda *_: {"assets/one"})

    done = upload.publish(s3, BUCKET, package(tmp_path, "three"))

    assert done == "Published 3 files, and deleted 2 of replaced pages:"
    assert {key.split("/")[1] for key in keys(s3) if "/" in key} == {"two", "three"}


@pytest.mark.parametrize(
    ("ages", "gone"),
    [
        ({"one": 400}, set()),
        ({"one": 400, "two": 0}, set()),
        ({"one": 400, "two": 30}, set()),
        ({"one": 400, "two": 31}, {"one"}),
        ({"three": 1, "two": 31, "one": 400}, {"one"}),
        ({"three": 31, "two": 40, "one": 400}, {"one", "two"}),
    ],
)
def test_a_release_is_kept_until_its_successor_is_old(ages: dict[str, int], gone: set[str]) -> None:
    written = {name: NOW - timedelta(days=age) for name, age in ages.items()}

    assert upload.expired(written, NOW) == gone


def test_a_failed_deletion_says_that_the_page_is_published(
    s3: "S3Client", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload.publish(s3, BUCKET, package(tmp_path, "one"))
    monkeypatch.setattr(upload, "expired", lambda *_: {"assets/one"})
    refusing: Any = boto3.client("s3", REGION)

    def refuse(**_: object) -> None:
        raise refusing.exceptions.ClientError({"Error": {"Code": "AccessDenied"}}, "DeleteObject")

    refusing.meta.events.register("provide-client-params.s3.DeleteObject", refuse)

    with pytest.raises(DeployError, match=r"is published in .*could not be deleted"):
        upload.publish(refusing, BUCKET, package(tmp_path, "two"))
    assert b"assets/two" in s3.get_object(Bucket=BUCKET, Key="index.html")["Body"].read()


@pytest.mark.parametrize("damage", ["missing", "no zip", "no page"])
def test_a_package_that_is_none_is_refused_before_anything_happens(
    s3: "S3Client", tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "page.zip"
    if damage == "no zip":
        file.write_text("<html>")
    if damage == "no page":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("assets/one/app.js", "")

    with pytest.raises(DeployError, match="Run make package"):
        upload.publish(s3, BUCKET, file)
    assert not keys(s3)


def test_a_deployment_publishes_into_the_bucket_of_its_stack(
    s3: "S3Client",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Given
    outputs = {"BucketName": BUCKET, "WebsiteURL": "https://d1.cloudfront.net/"}
    cloudformation = boto3.client("cloudformation", REGION)
    listed = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
    stack = {"StackName": "Mine", "StackStatus": "UPDATE_COMPLETE", "CreationTime": NOW}
    stub = Stubber(cloudformation)
    stub.add_response(
        "describe_stacks", {"Stacks": [stack | {"Outputs": listed}]}, {"StackName": "Mine"}
    )
    monkeypatch.setattr(postdeploy, "PAGE", package(tmp_path, "one"))

    # When
    with stub:
        postdeploy.publish(
            "Mine", REGION, lambda service, _: s3 if service == "s3" else cloudformation
        )

    # Then
    assert "index.html" in keys(s3)
    assert capsys.readouterr().out.endswith("pages: https://d1.cloudfront.net/\n")
