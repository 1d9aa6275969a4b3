"""One process that decodes, seen from the labeller."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from invoke_labeller.decode_exchange import ANSWER, REQUEST, Kind

# What a process needs to find its libraries. Nothing else of the function's environment, which
# holds its role's credentials.
KEPT = ("LD_LIBRARY_PATH",)
# glibc gives freed memory back to the kernel at once, which clears and maps it page by page for the
# next picture. With these, a process keeps what most pictures take.
# https://man7.org/linux/man-pages/man3/mallopt.3.html
MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(8 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(32 * 2**20)}
# A call of read gives no more than a pipe holds.
PART = 2**20


class Ended(Exception):
    """The process ended instead of answering.

    Attributes:
        by: The signal that ended it; None where it ended itself.
    """

    def __init__(self, by: signal.Signals | None) -> None:
        super().__init__(f"The decoder was ended by {by.name if by else 'itself'}")
        self.by = by


class DecodeProcess:
    """Decodes one picture at a time.

    Attributes:
        served: How many pictures it has answered for.
        pid: The process's id.
    """

    def __init__(self, module: str = "invoke_labeller.decode_worker") -> None:
        """Start it. It is ready a little later; what is sent meanwhile waits in the pipe.

        Args:
            module: What it runs.
        """
        self.served = 0
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-S", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, **MEMORY, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            bufsize=0,
        )
        assert self._process.stdin  # noqa: S101 # nosec B101 # for mypy: they are pipes
        assert self._process.stdout  # noqa: S101 # nosec B101
        self._input = self._process.stdin.fileno()
        self._output = self._process.stdout.fileno()
        self.pid = self._process.pid
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)

    def decode(
        self, data: bytes, until: float, large: Callable[[float], None]
    ) -> tuple[Kind, bytes]:
        """Have a picture decoded.

        Args:
            data: The file.
            until: When to give up, by the monotonic clock.
            large: Waits, until the same time, until a large picture may be decoded.

        Returns:
            The process's last answer.

        Raises:
            TimeoutError: It took too long; the process must be killed.
            Ended: The process ended.
        """
        try:
            self._send(REQUEST.pack(len(data)), until)
            self._send(data, until)
            kind, answer = self._receive(until)
            if kind is Kind.LARGE:
                large(until)
                self._send(b"\0", until)
                kind, answer = self._receive(until)
        except (BrokenPipeError, EOFError):
            raise Ended(self._signal()) from None
        self.served += 1
        return kind, answer

    def kill(self) -> None:
        """End it by force, whatever it does."""
        with self._process:
            self._process.kill()

    def _signal(self) -> signal.Signals | None:
        with self._process:
            code = self._process.wait()
        return signal.Signals(-code) if code < 0 else None

    def _receive(self, until: float) -> tuple[Kind, bytes]:
        kind, length = ANSWER.unpack(self._read(ANSWER.size, until))
        return Kind(kind), self._read(length, until)

    def _read(self, count: int, until: float) -> bytes:
        data = bytearray()
        while len(data) < count:
            _wait(self._output, select.POLLIN, until)
            part = os.read(self._output, min(PART, count - len(data)))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _send(self, data: bytes, until: float) -> None:
        view = memoryview(data)
        while view:
            _wait(self._input, select.POLLOUT, until)
            view = view[os.write(self._input, view[:PART]) :]


def _wait(descriptor: int, event: int, until: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(max(0, until - time.monotonic()) * 1000):
        raise TimeoutError
