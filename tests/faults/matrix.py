"""Reads the fault matrix: the tests are generated from the table that people read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from math import inf
from pathlib import Path
from threading import Lock

from tests.faults.wire import Exchange, Fault, MissedError, Request

MATRIX = Path(__file__).with_name("matrix.md")


@dataclass(frozen=True)
class Row:
    """A row of the matrix; the attributes are its columns."""

    function: str
    operation: str
    fault: str
    requests: str
    outcome: str

    def __str__(self) -> str:
        return f"{self.function}: {self.operation} {self.fault}, {self.requests}"

    @property
    def times(self) -> float:
        """How many requests the fault hits."""
        if self.requests == "all":
            return inf
        return int(self.requests.removeprefix("first") or 1)


@dataclass
class Occurrences:
    """The plan of a wire that hits the first requests for an operation.

    Attributes:
        row: What is to happen.
        fault: What it is.
        injected: How many requests were hit. One that was missed is not counted: the next is hit.
    """

    row: Row
    fault: Fault
    injected: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, request: Request) -> Fault | None:
        """Return the fault where this request is to be hit."""
        with self._lock:
            if request.operation != self.row.operation or self.injected >= self.row.times:
                return None
            self.injected += 1
            return self._carry_out

    def _carry_out(self, exchange: Exchange) -> None:
        try:
            self.fault(exchange)
        except MissedError:
            with self._lock:
                self.injected -= 1


def rows() -> list[Row]:
    """Read the faults."""
    return _table("function", lambda cells: Row(*cells))


def descriptions() -> dict[str, str]:
    """Read how each fault is injected."""
    return dict(_table("fault", lambda cells: (cells[0], cells[1])))


def _table[T](first_column: str, read: Callable[[list[str]], T]) -> list[T]:
    lines = iter(MATRIX.read_text().splitlines())
    for line in lines:
        if line.startswith(f"| {first_column} |"):
            break
    next(lines)
    return [read(_cells(line)) for line in takewhile(lambda line: line.startswith("|"), lines)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
