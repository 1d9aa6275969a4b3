import subprocess
from pathlib import Path

import pytest

from benchmark import checkout
from benchmark.errors import BenchmarkError, UsageError


def git(directory: Path, *words: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(
        ["git", *identity, *words], cwd=directory, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a commit, a change that is not committed, and what make has built."""
    directory = tmp_path / "project"
    directory.mkdir()
    git(directory, "init", "--quiet")
    (directory / ".gitignore").write_text("build/\n")
    (directory / "old.py").write_text("old")
    (directory / "gone.py").write_text("gone")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", "first")
    (directory / "old.py").write_text("changed")
    (directory / "gone.py").unlink()
    (directory / "new.py").write_text("new")
    (directory / "build").mkdir()
    (directory / "build/package.zip").write_text("built")
    return directory


def files(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): path.read_text()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(directory).parts
    }


def test_a_copy_has_what_is_not_committed_and_nothing_that_was_built(
    project: Path, tmp_path: Path
) -> None:
    checkout.of_working_tree(project, tmp_path / "copy")

    assert files(tmp_path / "copy") == {
        ".gitignore": "build/\n",
        "new.py": "new",
        "old.py": "changed",
    }


def test_a_copy_is_brought_up_to_date_and_keeps_what_it_has_built(
    project: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    checkout.of_working_tree(project, copy)
    (copy / "build").mkdir()
    (copy / "build/package.zip").write_text("its own")
    unchanged = (copy / "old.py").stat().st_mtime_ns
    (project / "new.py").unlink()
    (project / "newer.py").write_text("newer")

    checkout.of_working_tree(project, copy)

    assert files(copy) == {
        ".gitignore": "build/\n",
        "build/package.zip": "its own",
        "newer.py": "newer",
        "old.py": "changed",
    }
    assert (copy / "old.py").stat().st_mtime_ns == unchanged


def test_a_commit_is_checked_out_as_it_was(project: Path, tmp_path: Path) -> None:
    for _ in ("first", "again"):
        checkout.of_commit(project, git(project, "rev-parse", "HEAD"), tmp_path / "before")

    assert files(tmp_path / "before")["old.py"] == "old"


def test_a_commit_that_there_is_not_is_refused(project: Path) -> None:
    with pytest.raises(UsageError, match="this repository has no commit 'nothing'"):
        checkout.resolve(project, "nothing")


def test_what_is_not_committed_is_named(project: Path) -> None:
    whole = git(project, "rev-parse", "--short=7", "HEAD")

    assert checkout.version(project) == f"{whole}-dirty"
    with pytest.raises(UsageError, match=r"commit or undo these changes first:\n(?s:.*) M old\.py"):
        checkout.require_committed(project)
    git(project, "stash", "--include-untracked")
    assert checkout.version(project) == whole
    checkout.require_committed(project)


def test_where_there_is_no_repository_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"git ls-files failed in .*not a git repository"):
        checkout.of_working_tree(tmp_path, tmp_path / "copy")


def test_a_commit_whose_status_is_no_json_cannot_be_measured(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("status:\n\t@echo Nothing is running.\n")
    old = checkout.Checkout("old", tmp_path, "1234567")

    with pytest.raises(BenchmarkError, match="1234567 cannot be measured: its make status does"):
        old.application()
