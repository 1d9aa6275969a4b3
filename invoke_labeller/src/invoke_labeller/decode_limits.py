"""How much a picture's decoding may take, and how a process holds itself to it."""

import contextlib
import resource
import signal
from pathlib import Path

MEBIBYTE = 2**20
MEGAPIXEL = 1_000_000
# Of the pictures that hold more pixels in memory one is decoded at a time: it bounds the function's
# memory.
LARGE_PIXELS = 8 * MEGAPIXEL


def cpu_seconds(size: int, pixels: int) -> float:
    """Return the processor time that a picture may take.

    Args:
        size: The file's length in bytes.
        pixels: The picture's width times its height; 0 while that is not known.
    """
    return 1 + 0.3 * size / MEBIBYTE + 0.2 * pixels / MEGAPIXEL


def memory_bytes(size: int, held: int) -> int:
    """Return the memory that a picture may take in addition to what the process uses anyway.

    Args:
        size: The file's length in bytes.
        held: How many pixels are in memory at once; 0 while that is not known.
    """
    return 96 * MEBIBYTE + 4 * size + 20 * held


class Limits:
    """Has the kernel end this process, or refuse it memory, where a picture takes too much."""

    def __init__(self) -> None:
        """Let this process open nothing from now on; what it has open stays so."""
        self._memory: int | None = None
        with contextlib.suppress(OSError):  # macOS has no /proc, and enforces no RLIMIT_AS
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            self._memory = pages * resource.getpagesize()
        for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
            resource.setrlimit(limit, (0, 0))

    def set(self, size: int, pixels: int = 0, held: int = 0) -> None:
        """Allow a picture what its size asks for.

        The timer counts processor time, so that a busy machine fails no picture.

        Args:
            size: The file's length in bytes.
            pixels: The picture's width times its height; 0 while that is not known.
            held: So many of them are in memory at once.
        """
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds(size, pixels))
        if self._memory is not None:
            allowed = self._memory + memory_bytes(size, held)
            resource.setrlimit(resource.RLIMIT_AS, (allowed, resource.RLIM_INFINITY))

    def lift(self) -> None:
        """Allow everything: the picture is done, and the next one's file is read."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        if self._memory is not None:
            infinite = resource.RLIM_INFINITY
            resource.setrlimit(resource.RLIMIT_AS, (infinite, infinite))
