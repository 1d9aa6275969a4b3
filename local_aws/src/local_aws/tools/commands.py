"""Runs tools, so that an interruption stops everything that they have started."""

import contextlib
import os
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

import psutil

from local_aws.errors import DeploymentError
from local_aws.tools.failures import last_error, network_failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO


class CommandError(DeploymentError):
    """A tool failed; the message is the line of its output that says why."""


class Runner:
    """Runs tools with their output in log files.

    Args:
        timeout: Seconds after which a tool is stopped; None for never.
    """

    def __init__(self, timeout: float | None = 600) -> None:
        self._timeout = timeout
        self._running: set[subprocess.Popen[bytes]] = set()
        self._cancelled = threading.Event()

    def run(
        self,
        command: "Sequence[str]",
        directory: "Path",
        environment: "Mapping[str, str]",
        log: "Path",
    ) -> None:
        """Run a tool to its end.

        Args:
            command: Program and arguments.
            directory: Where it runs.
            environment: Its whole environment.
            log: File that gets its output, in place of what is there.

        Raises:
            CommandError: If it fails, does not end in time, or everything was cancelled.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with (
            log.open("wb") as output,
            self._started(command, directory, environment, output) as tool,
        ):
            try:
                code = tool.wait(self._timeout)
            except subprocess.TimeoutExpired as error:
                raise CommandError(f"not done after {error.timeout:.0f} s") from error
        if code:
            text = log.read_text(errors="replace")
            raise CommandError(network_failure(text) or last_error(text))

    def cancel(self) -> None:
        """Stop all tools under way, and start no other."""
        self._cancelled.set()
        for tool in list(self._running):
            _stop(tool)

    @contextlib.contextmanager
    def _started(
        self,
        command: "Sequence[str]",
        directory: "Path",
        environment: "Mapping[str, str]",
        output: "BinaryIO",
    ) -> "Iterator[subprocess.Popen[bytes]]":
        if self._cancelled.is_set():
            raise CommandError("cancelled")
        try:
            tool = subprocess.Popen(
                command,
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise CommandError(f"{command[0]} cannot be run: {error.strerror}") from error
        self._running.add(tool)
        try:
            # Once more: what was being started was not among those that `cancel` stopped.
            if self._cancelled.is_set():
                raise CommandError("cancelled")
            yield tool
        finally:
            self._running.discard(tool)
            _stop(tool)


def _stop(tool: "subprocess.Popen[bytes]") -> None:
    """End a tool and what it has started, in its process group and in sessions of their own."""
    if tool.poll() is not None:
        return
    started: list[psutil.Process] = []
    # Another thread may have waited for it since.
    with contextlib.suppress(psutil.NoSuchProcess):
        started = psutil.Process(tool.pid).children(recursive=True)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(tool.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            tool.wait(3)
            break
    for process in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(started, timeout=5)
