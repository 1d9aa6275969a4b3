"""Components deploy in forks of one process, as they would in a process of their own."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local_aws import Settings
from local_aws.deploying import shared
from local_aws.deploying.shared import Deployer
from local_aws.servers import plans, virtualenvs
from local_aws.tools.commands import Runner

TIMEOUT = 20
SOURCES = Path(shared.__file__).parents[2]
# The deployer without the SAM CLI, which this environment does not have.
SERVER = """
import socket, sys
from local_aws.deploying import deployer
with socket.socket(fileno=int(sys.argv[1])) as listener:
    deployer.serve(listener)
"""
DEPLOY = """
import os, sys, time
from pathlib import Path
print("deployed", os.environ["STACK"], os.environ.get("LEFT"), Path.cwd().name)
print("read", repr(sys.stdin.read()), flush=True)
print("warned", file=sys.stderr)
Path("pid").write_text(str(os.getpid()))
if os.environ["STACK"] == "Slow":
    time.sleep(60)
if os.environ["STACK"] == "Wrong":
    raise KeyError("a fault")
if __name__ == "__main__":
    sys.exit(int(os.environ["STATUS"]))
"""


@pytest.fixture
def component(tmp_path: Path) -> Path:
    path = tmp_path / "echo"
    (path / "deploy").mkdir(parents=True)
    (path / "deploy/__main__.py").write_text(DEPLOY)
    return path


@pytest.fixture
def deployer(tmp_path: Path) -> Iterator[Deployer]:
    program = tmp_path / "server.py"
    program.write_text(SERVER)
    environment = os.environ | {"PYTHONPATH": str(SOURCES), "LEFT": "over"}
    deployer = Deployer(Path(sys.executable), tmp_path / "deployer.log", environment, program)
    yield deployer
    deployer.stop()


def ask(
    deployer: Deployer, component: Path, stack: str, status: int = 0
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        shlex.split(deployer.start()),
        cwd=component,
        env={"STACK": stack, "STATUS": str(status)},
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )


def eventually(what: str, *, ends: int) -> None:
    """Wait for the end of a process."""
    deadline = time.monotonic() + TIMEOUT
    while psutil.pid_exists(ends) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not psutil.pid_exists(ends), what


def test_a_fork_has_the_directory_environment_output_and_status_of_who_asks(
    deployer: Deployer, component: Path
) -> None:
    done = ask(deployer, component, "Mine", 3)
    again = ask(deployer, component, "Yours")

    assert (done.stdout, done.stderr) == ("deployed Mine None echo\nread ''\n", "warned\n")
    assert done.returncode == 3
    assert (again.stdout, again.returncode) == ("deployed Yours None echo\nread ''\n", 0)


def test_a_fault_is_shown_and_the_next_deployment_is_none_the_worse(
    deployer: Deployer, component: Path
) -> None:
    wrong = ask(deployer, component, "Wrong")

    assert wrong.returncode == 1
    assert "KeyError: 'a fault'" in wrong.stderr
    assert ask(deployer, component, "Right").returncode == 0


def test_a_deployment_ends_with_who_asked(deployer: Deployer, component: Path) -> None:
    # given
    asking = subprocess.Popen(
        shlex.split(deployer.start()),
        cwd=component,
        env={"STACK": "Slow"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + TIMEOUT
    while not (component / "pid").exists() and time.monotonic() < deadline:
        time.sleep(0.01)

    # when
    asking.send_signal(signal.SIGKILL)
    asking.wait(TIMEOUT)

    # then
    eventually("the fork goes on", ends=int((component / "pid").read_text()))


def test_it_ends_with_whoever_started_it_and_leaves_nothing(
    deployer: Deployer, tmp_path: Path
) -> None:
    socket = Path(shlex.split(deployer.start())[-1])
    process = deployer._process  # noqa: SLF001 # whose end is looked at
    assert process
    assert process.stdin

    process.stdin.close()

    assert process.wait(TIMEOUT) == 0
    deadline = time.monotonic() + TIMEOUT
    while socket.parent.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not socket.parent.exists()
    assert not (tmp_path / "deployer.log").read_text()


def test_it_starts_again_when_it_was_killed(deployer: Deployer, component: Path) -> None:
    deployer.start()
    process = deployer._process  # noqa: SLF001 # which is killed
    assert process
    process.kill()
    process.wait(TIMEOUT)

    assert ask(deployer, component, "Mine").returncode == 0


def test_whoever_asks_learns_that_nobody_answers(deployer: Deployer, component: Path) -> None:
    command = shlex.split(deployer.start())
    deployer.stop()

    done = subprocess.run(
        command, cwd=component, capture_output=True, text=True, check=False, timeout=TIMEOUT
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The process that deploys has ended")


def test_a_component_uses_its_own_environment_where_there_is_no_other(tmp_path: Path) -> None:
    settings = Settings.read({"IMAGELABELLER_STATE": str(tmp_path)})

    assert shared.to_package(settings) == []
    assert shared.to_deploy(settings) == []


def test_what_is_shared_is_named_once_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.read({"IMAGELABELLER_STATE": str(tmp_path)})
    lock = tmp_path / "tools.txt"
    lock.write_text("# nothing\n")
    monkeypatch.setattr(shared, "tools", lambda _: {plans.TOOLS: lock})
    tools = settings.environments / plans.TOOLS
    settings.environments.mkdir()
    virtualenvs.build(Runner(), settings.uv, tools, lock, tmp_path / "log")

    assert shared.to_package(settings) == [f"TOOLS={tools}"]
    # What the Makefile's rules look at.
    assert (tools / "installed").exists()
    assert shared.sam(settings) == tools / "bin/sam"
