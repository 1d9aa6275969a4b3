"""Environments are built once, and again when their lock file changes."""

from pathlib import Path

import pytest

from local_aws import Settings
from local_aws.servers import virtualenvs
from local_aws.tools.commands import CommandError, Runner

UV = Settings.read({}).uv
NOWHERE = "six==0.0.0 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("# nothing\n")
    return path


def build(where: Path, lock: Path, uv: str = UV) -> None:
    where.mkdir(exist_ok=True)
    virtualenvs.build(Runner(), uv, where / "env", lock, where / "log")


def test_what_is_built_runs(tmp_path: Path, lock: Path) -> None:
    build(tmp_path / "e", lock)

    assert virtualenvs.python_of(tmp_path / "e/env").exists()
    assert virtualenvs.is_current(tmp_path / "e/env", lock)


def test_it_is_kept_until_the_lock_file_changes(tmp_path: Path, lock: Path) -> None:
    build(tmp_path / "e", lock)
    mark = tmp_path / "e/env/mark"
    mark.touch()

    build(tmp_path / "e", lock)
    assert mark.exists()

    lock.write_text("# something else\n")
    assert not virtualenvs.is_current(tmp_path / "e/env", lock)
    build(tmp_path / "e", lock)
    assert not mark.exists()


def test_half_an_environment_does_not_pass_for_one(tmp_path: Path, lock: Path) -> None:
    lock.write_text(NOWHERE)

    with pytest.raises(CommandError):
        build(tmp_path / "e", lock)

    assert not virtualenvs.is_current(tmp_path / "e/env", lock)


def test_without_uv_it_says_so(tmp_path: Path, lock: Path) -> None:
    with pytest.raises(CommandError, match="nowhere/uv cannot be run"):
        build(tmp_path / "e", lock, uv="/nowhere/uv")
