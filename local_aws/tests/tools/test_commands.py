"""Tools run to their end, or are ended."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from local_aws.tools.commands import CommandError, Runner

LONG = "import time; time.sleep(63)"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def run(code: str, where: Path, runner: Runner | None = None) -> str:
    (runner or Runner()).run(python(code), where, os.environ, where / "log" / "tool.log")
    return (where / "log" / "tool.log").read_text()


def test_output_is_kept_in_a_file_again_each_time(tmp_path: Path) -> None:
    run("print('first')", tmp_path)

    assert run("import sys; print('second', file=sys.stderr)", tmp_path) == "second\n"


def test_a_failure_is_its_telling_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^ValueError: no$"):
        run("print('fine'); raise ValueError('no')", tmp_path)


def test_a_tool_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere/uv cannot be run: No such file"):
        Runner().run(["nowhere/uv"], tmp_path, os.environ, tmp_path / "log")


def test_one_that_does_not_end_is_ended(tmp_path: Path) -> None:
    impatient = Runner(timeout=0.2)  # deadline: it sleeps for 63 s

    with pytest.raises(CommandError, match="not done after"):
        run(LONG, tmp_path, impatient)


def test_it_cannot_wait_for_input(tmp_path: Path) -> None:
    assert run("import sys; print(repr(sys.stdin.read()))", tmp_path) == "''\n"


def test_cancelling_ends_what_a_tool_has_started_too(tmp_path: Path) -> None:
    runner = Runner()
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {LONG!r}])"
    failures: list[Exception] = []

    def work() -> None:
        try:
            run(code, tmp_path, runner)
        except CommandError as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    children = _grandchildren(deadline=time.monotonic() + 60)

    runner.cancel()
    thread.join(60)

    assert failures
    psutil.wait_procs(children, timeout=60)
    assert not any(child.is_running() for child in children)
    with pytest.raises(CommandError, match="cancelled"):
        run("print()", tmp_path, runner)


def test_cancelling_ends_what_is_just_being_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, started = Runner(), list[int]()

    class Popen(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            started.append(self.pid)
            runner.cancel()

    monkeypatch.setattr(subprocess, "Popen", Popen)

    with pytest.raises(CommandError, match="cancelled"):
        run(LONG, tmp_path, runner)

    assert not psutil.pid_exists(started[0])


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _grandchildren(deadline: float) -> list[psutil.Process]:
    while time.monotonic() < deadline:
        children = psutil.Process().children(recursive=True)
        found = [child for child in children if _command(child)[-1:] == [LONG]]
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("the tool has started nothing")
