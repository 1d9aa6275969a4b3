"""Searches for pictures that cost the decoder out of proportion.

A picture's cost is the processor time and the memory of the process that decodes it, under the
limits that it has when deployed. It is compared with the most expensive ordinary picture of its
size: ordinary pictures of every format, scaled to at most as many bytes and pixels. What costs more
than others of its format is changed again and again.
"""

import random
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from invoke_labeller import formats
from invoke_labeller.decode_exchange import Kind
from invoke_labeller.decode_limits import cpu_seconds, memory_bytes
from invoke_labeller.decode_process import DecodeProcess, Ended
from invoke_labeller.errors import PermanentError
from invoke_labeller.failure import FailureCode
from invoke_labeller.sizes import MAX_PIXELS
from tests.cost_pictures import generators, mutated, ordinary
from tests.pictures import PHOTO

KEPT = 12
MEBIBYTE = 2**20
# Below these, and the processor time of a small ordinary picture, a measurement says more about the
# machine than about the picture.
LEAST_BYTES = 8 * MEBIBYTE


@dataclass(frozen=True)
class Cost:
    """What decoding a picture took.

    Attributes:
        seconds: Processor time.
        memory: Bytes, in addition to what the process uses anyway.
    """

    seconds: float
    memory: float


@dataclass(frozen=True)
class Picture:
    """A file, what it costs, and how many times that of an ordinary one."""

    data: bytes
    cost: Cost
    ratio: float


def pixels(data: bytes) -> int:
    """How many pixels a file claims; 0 where it is none that can be opened.

    Where its header claims too many, they are the most that are decoded: its bytes decide.
    """
    claimed = [0]

    class OpenedError(Exception):
        pass

    def admit(count: int, _: int) -> None:
        claimed[0] = count
        raise OpenedError

    with suppress(Exception), warnings.catch_warnings(action="ignore"):
        try:
            formats.decode(data, admit)
        except PermanentError as error:
            if error.code is FailureCode.TOO_MANY_PIXELS:
                return MAX_PIXELS
            raise
    return claimed[0]


class Meter:
    """Measures what decoding costs, in a process like the deployed ones."""

    def __init__(self) -> None:
        self._process = DecodeProcess()
        self.cost(b"")
        self._memory = self._status("VmRSS")

    def cost(self, data: bytes) -> Cost:
        started = self._seconds()
        self._proc("clear_refs").write_text("5")
        try:
            kind, _ = self._process.decode(data, time.monotonic() + 60, lambda _: None)
        except Ended:
            # The limits ended it.
            self._replace()
            return Cost(cpu_seconds(len(data), pixels(data)), 0)
        if kind is Kind.MEMORY:
            self._replace()
            return Cost(0, memory_bytes(len(data), pixels(data)))
        return Cost(
            self._seconds() - started, max(0, self._status("VmHWM") - self._status("VmRSS"))
        )

    def close(self) -> None:
        self._process.kill()

    def _replace(self) -> None:
        self._process.kill()
        self._process = DecodeProcess()
        self.cost(b"")

    def _seconds(self) -> float:
        return int(self._proc("schedstat").read_text().split()[0]) / 1e9

    def _status(self, name: str) -> int:
        return int(self._proc("status").read_text().split(f"{name}:")[1].split()[0]) * 1024

    def _proc(self, name: str) -> Path:
        return Path(f"/proc/{self._process.pid}/{name}")


@dataclass
class Search:
    """The search: the most expensive pictures of each format so far."""

    meter: Meter
    dice: random.Random
    worst: dict[str, list[Picture]] = field(default_factory=dict)
    tried: int = 0
    _ordinary: list[tuple[int, int, Cost]] = field(default_factory=list)
    _least_seconds: float = 0

    def run(self, seconds: float, rounds: int) -> None:
        """Search in every format alike.

        Args:
            seconds: For how long, at least.
            rounds: How many pictures of each format are tried at least, however busy the machine.
        """
        self._least_seconds = min(self.meter.cost(PHOTO).seconds for _ in range(5))
        for data in ordinary().values():
            cost = min((self.meter.cost(data) for _ in range(2)), key=lambda cost: cost.seconds)
            self._ordinary.append((len(data), pixels(data), cost))
        makers = generators()
        end = time.monotonic() + seconds
        while self.tried < rounds * len(makers) or time.monotonic() < end:
            for name, made in makers.items():
                kept = self.worst.setdefault(name, [])
                if kept and self.dice.random() < 0.7:
                    data = mutated(self.dice.choice(kept).data, self.dice)
                else:
                    data = self.dice.choice(made)(self.dice.randint(1, 100))
                self._try(kept, data)

    def _try(self, kept: list[Picture], data: bytes) -> None:
        self.tried += 1
        picture = self._measured(data)
        if picture.ratio > 5:
            # Twice more: the machine may have been busy.
            again = [self._measured(data) for _ in range(2)]
            picture = min(picture, *again, key=lambda each: each.ratio)
        kept.append(picture)
        kept.sort(key=lambda each: each.ratio, reverse=True)
        del kept[KEPT:]

    def _measured(self, data: bytes) -> Picture:
        cost = self.meter.cost(data)
        least = self._most_expensive_ordinary(len(data), pixels(data))
        ratio = max(cost.seconds / least.seconds, cost.memory / least.memory)
        return Picture(data, cost, ratio)

    def _most_expensive_ordinary(self, size: int, count: int) -> Cost:
        seconds, memory = self._least_seconds, float(LEAST_BYTES)
        for other_size, other_count, cost in self._ordinary:
            scale = min(size / other_size, count / other_count)
            seconds = max(seconds, cost.seconds * scale)
            memory = max(memory, cost.memory * scale)
        return Cost(seconds, memory)
