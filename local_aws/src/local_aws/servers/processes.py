"""Servers as processes that outlive the command that started them.

A pid alone does not identify a process: the system hands it on. A process is the one that we
started only if its command and its time of birth are the recorded ones too.
"""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# The kernel counts from boot; the conversion to seconds of the epoch moves when the clock is set.
CLOCK_TOLERANCE = 2.0
BIRTH = 1.0


@dataclass(frozen=True)
class Process:
    """A process that we started.

    Attributes:
        pid: Its number, which is also the number of its process group.
        created: When it was started, in seconds of the epoch.
        command: Its command line.
    """

    pid: int
    created: float
    command: tuple[str, ...]

    @property
    def identity(self) -> str:
        """Text that no other process has."""
        return f"{self.pid}@{self.created:.2f}"

    def find(self) -> psutil.Process | None:
        """Return the running process, or None if it is gone or its pid is another's now."""
        try:
            process = psutil.Process(self.pid)
            ours = (
                process.status() != psutil.STATUS_ZOMBIE
                and abs(process.create_time() - self.created) < CLOCK_TOLERANCE
                # Not the program: a Python on macOS starts itself again under another name.
                and tuple(process.cmdline()[1:]) == self.command[1:]
            )
        except psutil.Error:
            return None
        return process if ours else None


def start(
    command: "Sequence[str]", environment: "Mapping[str, str]", log: "Path", directory: "Path"
) -> Process:
    """Start a server in a session of its own, so that no terminal's Ctrl-C or hang-up reaches it.

    Args:
        command: Program and arguments.
        environment: Its whole environment.
        log: File that gets its output, after what is there.
        directory: Its working directory.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            list(command),
            env=dict(environment),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # It is this process's child until this process ends, and init's then: nobody waits for it here.
    child.returncode = 0
    process = Process(child.pid, psutil.Process(child.pid).create_time(), tuple(command))
    # Between its birth and its first instruction a process has no command line yet.
    deadline = time.monotonic() + BIRTH
    while process.find() is None and psutil.pid_exists(child.pid) and time.monotonic() < deadline:
        time.sleep(0.001)
    return process


def stop_all(processes: "Iterable[Process]", timeout: float = 3) -> None:
    """Stop processes and all that they have started; those that are gone already are left alone.

    Args:
        processes: The processes.
        timeout: Seconds that they get to end by themselves before they are killed.
    """
    running = [found for found in (process.find() for process in processes) if found]
    ending = list(running)
    for process in running:
        with contextlib.suppress(psutil.NoSuchProcess):
            ending += process.children(recursive=True)
            process.send_signal(signal.SIGTERM)
    psutil.wait_procs(running, timeout=timeout)
    kill(ending)


def kill(ending: "Sequence[psutil.Process]") -> None:
    """Kill processes and wait until they are gone."""
    for process in ending:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(ending, timeout=5)


def orphans(directory: "Path") -> list[psutil.Process]:
    """Find the processes that run a program from a directory: the Lambdas of a killed MiniStack."""
    inside = f"{directory}{os.sep}"
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(word.startswith(inside) for word in process.info["cmdline"] or ())
    ]
