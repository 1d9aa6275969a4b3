"""What was submitted is remembered on the disk, by each API and picture."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import imagelabeller
from imagelabeller.errors import ConfigurationError
from imagelabeller.store import KEPT_SECONDS, NAME, Stage, Store

SOURCES = Path(imagelabeller.__file__).parents[1]


def test_a_picture_is_remembered_by_the_api_and_its_digest(tmp_path: Path) -> None:
    with Store.of_user("a", tmp_path) as store:
        store.put("sha256:1", "i", Stage.PERMITTED)
        store.put("sha256:1", "i", Stage.SUBMITTED)

    with Store.of_user("a", tmp_path) as store, Store.of_user("b", tmp_path) as other:
        entry = store.get("sha256:1")
        assert entry
        assert (entry.image_id, entry.stage) == ("i", Stage.SUBMITTED)
        assert store.get("sha256:2") is None
        assert other.get("sha256:1") is None


def test_a_picture_is_forgotten_by_its_id(tmp_path: Path) -> None:
    with Store.of_user("a", tmp_path) as store:
        store.put("x", "i", Stage.ENDED)

        store.forget("i")

        assert store.get("x") is None


def test_what_the_application_has_long_deleted_is_forgotten(tmp_path: Path) -> None:
    times = iter([1000, 1000, 2000, 2000, 1001 + KEPT_SECONDS])

    for name in ("old", "new"):
        with Store(tmp_path / NAME, "a", times.__next__) as store:
            store.put(name, "i", Stage.ENDED)

    with Store(tmp_path / NAME, "a", times.__next__) as store:
        assert store.get("old") is None
        assert store.get("new")


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    Store.of_user("a", tmp_path / "state").close()

    assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_replaced_and_kept(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database" * 100)

    with Store.of_user("a", tmp_path) as store:
        store.put("x", "i", Stage.ENDED)

    with Store.of_user("a", tmp_path) as store:
        assert store.get("x")
    assert (tmp_path / NAME).with_suffix(".damaged").read_bytes().startswith(b"no database")


def test_a_directory_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match=r"file/state .*--state DIRECTORY"):
        Store.of_user("a", tmp_path / "file/state")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()

    with pytest.raises(ConfigurationError, match=rf"{NAME} cannot be used"):
        Store.of_user("a", tmp_path)


WRITE = """
import sys
from pathlib import Path
from imagelabeller.store import Stage, Store

with Store.of_user("a", Path(sys.argv[1])) as store:
    for index in range(25):
        store.put(f"{sys.argv[2]}/{index}", "i", Stage.ENDED)
"""


def test_several_processes_may_use_it_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITE, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(SOURCES)}

    processes = [subprocess.Popen([*command, str(n)], env=environment) for n in range(2)]

    assert [process.wait(50) for process in processes] == [0, 0]
    database = sqlite3.connect(tmp_path / NAME)
    assert database.execute("SELECT count(*) FROM submitted").fetchone() == (50,)
    database.close()
