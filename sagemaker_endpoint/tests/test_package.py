import gzip
import io
import tarfile
from pathlib import Path

import pytest

from sagemaker_endpoint.builder.archive import archive
from sagemaker_endpoint.errors import PackageError
from sagemaker_endpoint.package import load, parse_labels
from tests.samples import COLOURS, DESCRIPTION, changed, colours, write

FILES = {
    "model.json": DESCRIPTION.to_json(),
    "labels.txt": b"red\ngreen\nblue\n",
    "model.onnx": colours().graph,
}


def packed(path: Path, files: dict[str, bytes]) -> Path:
    path.write_bytes(archive(files))
    return path


def test_a_directory_is_a_package(tmp_path: Path) -> None:
    assert load(write(colours(), tmp_path)) == colours()


def test_an_archive_is_a_package(tmp_path: Path) -> None:
    assert load(packed(tmp_path / "model.tar.gz", FILES)) == colours()


def test_an_archive_made_by_tar_is_a_package(tmp_path: Path) -> None:
    # given what `tar czf model.tar.gz .` makes: names that begin with ./, and more files
    write(colours(), tmp_path / "files")
    (tmp_path / "files/code").mkdir()
    (tmp_path / "files/code/model.json").write_text("not this one")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "files", ".")

    assert load(tmp_path / "model.tar.gz") == colours()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    rest = {other: content for other, content in FILES.items() if other != name}

    with pytest.raises(PackageError, match=f"is not a model package: it has no {name}"):
        load(packed(tmp_path / "model.tar.gz", rest))


def test_a_missing_package_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"There is no model package at .*nowhere"):
        load(tmp_path / "nowhere")


def test_an_empty_directory_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"has no model\.json"):
        load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense" * 1000,
        gzip.compress(b"nonsense" * 1000),
        archive(FILES)[:5000],
        archive(FILES)[:-3],
        gzip.compress(archive(FILES))[:4000],
    ],
    ids=["empty", "nonsense", "gzip of nonsense", "cut early", "cut late", "gzip twice, cut"],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(content)

    with pytest.raises(PackageError, match=r"model\.tar\.gz"):
        load(path)


def test_a_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    # given an archive whose labels are a link to a file of the host
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name in ("model.json", "model.onnx"):
            member = tarfile.TarInfo(name)
            member.size = len(FILES[name])
            tar.addfile(member, io.BytesIO(FILES[name]))
        link = tarfile.TarInfo("labels.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tar.addfile(link)
    (tmp_path / "model.tar.gz").write_bytes(buffer.getvalue())

    with pytest.raises(PackageError, match=r"has no labels\.txt"):
        load(tmp_path / "model.tar.gz")


@pytest.mark.parametrize("directory", [True, False])
def test_a_file_without_bounds_is_not_read(tmp_path: Path, *, directory: bool) -> None:
    files = {**FILES, "model.json": b" " * 100_000}
    path = tmp_path / "package"
    if directory:
        write(colours(), path)
        (path / "model.json").write_bytes(files["model.json"])
    else:
        packed(path, files)

    with pytest.raises(PackageError, match=r"model\.json has 100000 bytes, and 65536 are the most"):
        load(path)


def test_labels_may_repeat_and_hold_any_letters() -> None:
    assert parse_labels("grúa\ncrane\r\ncrane".encode()) == ("grúa", "crane", "crane")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "no label in line 1"),
        (b"red\n\nblue\n", "no label in line 2"),
        (b"red\nblue\n\n", "no label in line 3"),
        (b"\xff\n", "not UTF-8"),
    ],
)
def test_labels_must_be_whole(text: bytes, message: str) -> None:
    with pytest.raises(PackageError, match=message):
        parse_labels(text)


def test_a_background_class_must_be_the_first_label(tmp_path: Path) -> None:
    files = {**FILES, "model.json": changed(output={"background": True}).to_json()}

    with pytest.raises(PackageError, match=r'puts "background" at class 0, but .* with "red"'):
        load(packed(tmp_path / "model.tar.gz", files))


def test_labels_keep_their_order(tmp_path: Path) -> None:
    assert load(write(colours(), tmp_path)).labels == COLOURS
