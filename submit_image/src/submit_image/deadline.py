"""One deadline over everything that a download does."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

_RECEIVED_AT_ONCE = 65536


@dataclass(frozen=True)
class Deadline:
    """A moment by which the work must be done.

    Attributes:
        at: The moment, in seconds of the clock.
        clock: The clock, in seconds; never runs backwards.
    """

    at: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> "Deadline":
        """Return the deadline that is so many seconds away."""
        return cls(clock() + seconds, clock)

    def remaining(self) -> float:
        """Return the seconds that are left, more than 0.

        Raises:
            TimeoutError: None are left.
        """
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise TimeoutError("the deadline has passed")
        return seconds


class DeadlineSocket:
    """A socket under a deadline.

    Args:
        sock: The connected socket; whoever opened it closes it.
        deadline: By when every byte must have been sent and received.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send all bytes.

        Raises:
            TimeoutError: They were not sent in time.
        """
        self._sock.settimeout(self._deadline.remaining())
        self._sock.sendall(data)

    def receive(self) -> bytes:
        """Return the next bytes, none at the end.

        Raises:
            TimeoutError: None came in time.
        """
        self._sock.settimeout(self._deadline.remaining())
        return self._sock.recv(_RECEIVED_AT_ONCE)
