"""What a model package says of itself."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from local_aws import CloudError, UsageError
from local_aws.project import model


def package(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


DESCRIPTION = json.dumps({"name": "lite", "version": "1.0", "license": "MIT"}).encode()


@pytest.mark.parametrize("name", ["model.json", "./model.json"])
def test_name_and_version_are_read(tmp_path: Path, name: str) -> None:
    found = package(tmp_path / "model.tar.gz", {"model.onnx": b"x", name: DESCRIPTION})

    assert model.describe(found) == model.Model("lite", "1.0")


def test_an_unpacked_package_is_one_too(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes(DESCRIPTION)

    assert model.describe(tmp_path) == model.Model("lite", "1.0")


def test_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no model package .*model\.tar\.gz"):
        model.describe(tmp_path / "model.tar.gz")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"model.onnx": b"x"},
        {"model.json": b"{"},
        {"model.json": b"[]"},
        {"model.json": b'{"name": "lite"}'},
        {"model.json": b"\xff"},
        {"model.json": b" " * 2**20 + DESCRIPTION},
        {"other/model.json": DESCRIPTION},
    ],
)
def test_one_without_a_description_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(CloudError, match="is not a model package"):
        model.describe(package(tmp_path / "model.tar.gz", files))


@pytest.mark.parametrize("content", [b"", b"no archive", DESCRIPTION])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.tar.gz").write_bytes(content)

    with pytest.raises(CloudError, match="is not a model package"):
        model.describe(tmp_path / "model.tar.gz")


def test_a_directory_without_a_description_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CloudError, match="is not a model package"):
        model.describe(tmp_path)
