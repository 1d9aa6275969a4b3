"""What is remembered survives, and damage is reported."""

import multiprocessing
from pathlib import Path

import pytest

from local_aws import CloudError
from local_aws.servers import state
from local_aws.servers.processes import Process

KNOWN = state.State(
    servers={"moto": state.Server(Process(7, 1.5, ("python", "-m", "moto")), 5000, "origin")},
    deployed={"echo": "digest"},
    model="/m.tar.gz",
)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    state.save(tmp_path / "new", KNOWN)

    assert state.load(tmp_path / "new") == KNOWN


def test_what_was_never_saved_is_empty(tmp_path: Path) -> None:
    assert state.load(tmp_path) == state.State()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"servers": {"moto": 1}, "deployed": {}, "model": ""}', "null"]
)
def test_a_damaged_file_is_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "cloud.json").write_text(text)

    with pytest.raises(CloudError, match=r"cloud\.json is damaged"):
        state.load(tmp_path)


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    state.save(tmp_path, KNOWN)
    state.save(tmp_path, state.State())

    assert [path.name for path in tmp_path.iterdir()] == ["cloud.json"]


def test_a_server_has_an_address() -> None:
    assert KNOWN.servers["moto"].url == "http://127.0.0.1:5000"


def _hold(path: Path, held: "multiprocessing.synchronize.Event") -> None:
    with state.locked(path, wait=False):
        held.set()
        multiprocessing.Event().wait(30)


def test_two_commands_do_not_work_on_one_cloud(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "lock", held))
    other.start()
    assert held.wait(20)

    with (
        pytest.raises(CloudError, match="Another command is using the cloud"),
        state.locked(tmp_path / "lock", wait=False),
    ):
        pass

    # The system releases the lock of a process that is gone, however it went.
    other.kill()
    other.join()
    with state.locked(tmp_path / "lock", wait=True):
        pass
