"""Has pictures decoded by processes of their own, which no picture can hold up or take along."""

import signal
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from invoke_labeller.decode_exchange import Kind
from invoke_labeller.decode_process import DecodeProcess, Ended
from invoke_labeller.errors import PermanentError, TransientError
from invoke_labeller.failure import FailureCode
from invoke_labeller.ports import Prepared

# Two pictures at once, so that a slow one leaves the other process to the others.
AT_ONCE = 2
# One more is ready to take the place of one that is ended.
PROCESSES = AT_ONCE + 1
# With the time that a picture waits for its turn. Processor time is limited in `decode_limits`.
SECONDS = 60.0

TOO_LONG = "The picture takes too long to decode: its file is damaged, or made to."
TOO_MUCH_MEMORY = "The picture needs too much memory to decode: its file is damaged, or made to."
CRASHED = "The picture cannot be decoded: it crashes the decoder."
# SIGPROF: the timer of `decode_limits`. A KILL of which we know nothing is the machine's lack of
# memory; a TERM, or an end without a signal, is the machine's or ours as well.
_REASONS = {
    signal.SIGPROF: TOO_LONG,
    **dict.fromkeys(
        (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE), CRASHED
    ),
}


class Decoder:
    """Implements `Decoder` of the ports."""

    def __init__(self, start: Callable[[], DecodeProcess] = DecodeProcess) -> None:
        """Start the processes.

        Args:
            start: Starts one.
        """
        self._start = start
        self._idle = deque(start() for _ in range(PROCESSES))
        self._close = weakref.finalize(self, _kill_all, self._idle)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._large = threading.Lock()

    def prepare(self, data: bytes, until: float) -> Prepared:
        """Decode a picture; see the port."""
        until = min(until, time.monotonic() + SECONDS)
        turn = _Turn(self._turns)
        if not turn.take(until):
            raise TransientError(
                "The picture's turn to be decoded did not come in time", FailureCode.NOT_DECODED
            )
        try:
            return self._prepared(data, until, turn)
        finally:
            turn.give_back()

    def close(self) -> None:
        """End the processes; what becomes of them at exit and with this object as well."""
        self._close()

    def _prepared(self, data: bytes, until: float, turn: "_Turn") -> Prepared:
        try:
            return self._decode(self._taken(self._idle.pop), data, until, turn)
        except _Lost as lost:
            if not lost.shared:
                raise PermanentError(lost.reason, lost.code) from None
        # What an earlier picture did to its process must not be this picture's end.
        try:
            return self._decode(self._taken(self._idle.popleft), data, until, turn)
        except _Lost as lost:
            raise PermanentError(lost.reason, lost.code) from None

    def _taken(self, take: Callable[[], DecodeProcess]) -> DecodeProcess:
        try:
            return take()
        except IndexError:
            # Large pictures that wait for each other have the others.
            return self._start()

    def _decode(self, process: DecodeProcess, data: bytes, until: float, turn: "_Turn") -> Prepared:
        used, done = process.served > 0, False
        try:
            with self._large_ones(turn) as admit:
                kind, answer = process.decode(data, until, admit)
            done = kind is not Kind.MEMORY
        except TimeoutError:
            raise TransientError(
                "The picture was not decoded in time", FailureCode.NOT_DECODED
            ) from None
        except Ended as ended:
            if ended.by not in _REASONS:
                killed = ended.by is signal.SIGKILL
                code = FailureCode.OUT_OF_MEMORY if killed else FailureCode.INTERNAL_ERROR
                raise TransientError(str(ended), code) from None
            reason = _REASONS[ended.by]
            raise _Lost(reason, shared=used and reason is CRASHED) from None
        finally:
            self._return(process, done=done)
        if kind is Kind.MEMORY:
            raise _Lost(TOO_MUCH_MEMORY, shared=used)
        if kind is Kind.FAILED:
            why, _, reason = answer.decode().partition(" ")
            raise PermanentError(reason, FailureCode(why))
        return Prepared(answer, incomplete=kind is Kind.INCOMPLETE)

    def _return(self, process: DecodeProcess, *, done: bool) -> None:
        """Keep a process that is well; put a new one in the place of another, to start in peace."""
        if not done:
            process.kill()
        if len(self._idle) >= PROCESSES:
            process.kill()
        elif done:
            self._idle.append(process)
        else:
            self._idle.appendleft(self._start())

    @contextmanager
    def _large_ones(self, turn: "_Turn") -> Iterator[Callable[[float], None]]:
        """Give what admits a large picture: one at a time, and those that wait take no turn."""
        held = []

        def admit(until: float) -> None:
            if self._large.acquire(blocking=False):
                held.append(self._large)
                return
            turn.give_back()
            if not self._large.acquire(timeout=max(0, until - time.monotonic())):
                raise TimeoutError
            held.append(self._large)
            if not turn.take(until):
                raise TimeoutError

        try:
            yield admit
        finally:
            for lock in held:
                lock.release()


class _Turn:
    """One picture's turn to be decoded."""

    def __init__(self, turns: threading.Semaphore) -> None:
        self._turns, self._held = turns, False

    def take(self, until: float) -> bool:
        self._held = self._turns.acquire(timeout=max(0, until - time.monotonic()))
        return self._held

    def give_back(self) -> None:
        if self._held:
            self._held = False
            self._turns.release()


def _kill_all(processes: deque[DecodeProcess]) -> None:
    while processes:
        processes.pop().kill()


class _Lost(Exception):
    """A picture ended the process that decoded it.

    Attributes:
        reason: A sentence for the picture's submitter.
        code: The same, of a closed set.
        shared: Whether an earlier picture of the same process may have had a hand in it.
    """

    def __init__(self, reason: str, *, shared: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = FailureCode.UNDECODABLE if reason is CRASHED else FailureCode.TOO_COSTLY
        self.shared = shared
