"""A process is known by more than its pid, and goes with all that it has started."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from local_aws.servers import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = (
    "import subprocess, sys, time;"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(61)']);"
    "print('started', flush=True); time.sleep(60)"
)
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(60)"
)


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path: Path) -> Callable[[list[str]], processes.Process]:
    def begin(command: list[str]) -> processes.Process:
        return processes.start(command, os.environ, tmp_path / "log" / "out.log", tmp_path)

    return begin


type Start = Callable[[list[str]], processes.Process]


def test_a_process_runs_until_it_is_stopped(start: Start) -> None:
    process = start(SLEEP)
    assert process.find() is not None

    processes.stop_all([process])

    assert process.find() is None
    processes.stop_all([process])


def test_it_is_in_a_session_of_its_own(start: Start) -> None:
    process = start(SLEEP)

    assert os.getsid(process.pid) == process.pid != os.getsid(0)
    processes.stop_all([process])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"created": 12345.0}, id="born at another time"),
        pytest.param({"command": (sys.executable, "-c", "other")}, id="another command"),
    ],
)
def test_a_recycled_pid_is_neither_ours_nor_stopped(
    start: Start, change: dict[str, object]
) -> None:
    process = start(SLEEP)
    recorded = replace(process, **change)  # type: ignore[arg-type] # each has its field's type

    assert recorded.find() is None
    processes.stop_all([recorded])

    assert process.find() is not None
    processes.stop_all([process])


def test_the_clock_may_be_set_a_little(start: Start) -> None:
    process = start(SLEEP)

    assert replace(process, created=process.created + 1).find() is not None
    processes.stop_all([process])


def test_a_pid_that_nobody_has_is_gone() -> None:
    assert processes.Process(2**22 + 1, 1.0, ("x",)).find() is None


def test_children_go_with_their_parent(start: Start, tmp_path: Path) -> None:
    process = start([sys.executable, "-c", PARENT])
    log = tmp_path / "log" / "out.log"
    eventually(lambda: "started" in log.read_text())
    children = psutil.Process(process.pid).children()

    processes.stop_all([process])

    assert len(children) == 1
    assert not children[0].is_running()


def test_one_that_does_not_listen_is_killed(start: Start, tmp_path: Path) -> None:
    process = start([sys.executable, "-c", STUBBORN])
    log = tmp_path / "log" / "out.log"
    eventually(lambda: "deaf" in log.read_text())

    processes.stop_all([process], timeout=0.1)  # deadline: it sleeps for 60 s

    assert process.find() is None


def test_orphans_are_known_by_where_their_program_is(start: Start, tmp_path: Path) -> None:
    program = tmp_path / "worker.py"
    program.write_text("import time; time.sleep(60)")
    process = start([sys.executable, str(program)])

    found = processes.orphans(tmp_path)

    assert [each.pid for each in found] == [process.pid]
    assert processes.orphans(tmp_path / "work") == []
    processes.kill(found)
    assert process.find() is None
