"""Faults that come and go at random, on every wire at once."""

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.vocabulary import FAULTS
from tests.faults.wire import Fault, Request

SPELL_SECONDS = (0.5, 3.0)
CALM = 0.2
# Some requests of a spell get through.
STRENGTHS = (0.2, 0.5, 0.9)


@dataclass
class RandomFaults:
    """The plan of all wires: spells of one fault for one operation, and calm between them.

    Attributes:
        faults: By operation, the faults that may come.
        seed: What it follows from; whatever else happens at what time is not.
        injected: How many requests were hit, by fault.
    """

    faults: Mapping[str, Sequence[str]]
    seed: int
    injected: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - nothing to guard
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._spell: tuple[str, str, float] | None = None

    def __call__(self, request: Request) -> Fault | None:
        """Return the fault where this request is to be hit."""
        with self._lock:
            if self._spell is None:
                return None
            operation, fault, strength = self._spell
            if request.operation != operation or self._random.random() > strength:
                return None
            self.injected[fault] += 1
            return FAULTS[fault]

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Let it change for the block, and be calm afterwards."""
        thread = threading.Thread(target=self._change)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()
            self._spell = None

    def _change(self) -> None:
        while not self._over.is_set():
            with self._lock:
                self._spell = self._next()
                seconds = self._random.uniform(*SPELL_SECONDS)
            self._over.wait(seconds)

    def _next(self) -> tuple[str, str, float] | None:
        if self._random.random() < CALM:
            return None
        operation = self._random.choice(sorted(self.faults))
        fault = self._random.choice(self.faults[operation])
        return operation, fault, self._random.choice(STRENGTHS)
