import gzip
import io
import subprocess
import tarfile

import pytest

from sagemaker_endpoint.builder.archive import BLOCK, archive, gzip_stored


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_gzip_reads_what_was_stored(size: int) -> None:
    content = bytes(index % 251 for index in range(size))

    assert gzip.decompress(gzip_stored(content)) == content


def test_tar_reads_what_was_packed() -> None:
    packed = archive({"b.txt": b"second", "a.txt": b"first" * BLOCK})

    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert tar.getnames() == ["a.txt", "b.txt"]
        first = tar.extractfile("a.txt")
        assert first is not None
        assert first.read() == b"first" * BLOCK
    listed = subprocess.run(["tar", "tz"], input=packed, capture_output=True, check=True)  # noqa: S607
    assert listed.stdout == b"a.txt\nb.txt\n"


def test_nothing_of_the_machine_is_in_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(archive({"a": b""}))) as tar:
        member = tar.getmember("a")

    assert (member.mtime, member.uid, member.gid, member.uname, member.gname) == (0, 0, 0, "", "")
    assert member.mode == 0o644


def test_the_order_of_files_does_not_matter() -> None:
    assert archive({"a": b"1", "b": b"2"}) == archive({"b": b"2", "a": b"1"})
