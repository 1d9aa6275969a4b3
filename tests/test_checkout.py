"""A checkout has the same bytes on every machine."""

import subprocess
from pathlib import Path

from tests.project import PROJECT, tracked


def test_git_writes_no_crlf_also_where_it_is_set_to(tmp_path: Path) -> None:
    clone = ("git", "clone", "--quiet", "-c", "core.autocrlf=true", "-c", "core.eol=crlf")
    subprocess.run([*clone, str(PROJECT), str(tmp_path / "tree")], check=True)

    pictures = {".jpg", ".png"}
    texts = [path for path in tracked(".") if path.suffix not in pictures and path.is_file()]
    copies = [tmp_path / "tree" / path.relative_to(PROJECT) for path in texts]

    assert copies
    assert [path for path in copies if path.exists() and b"\r\n" in path.read_bytes()] == []
