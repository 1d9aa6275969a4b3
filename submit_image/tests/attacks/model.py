"""What an attack is, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attack:
    """A URL that means harm, or one that must work all the same.

    Attributes:
        name: What it is, for the test's id.
        url: What is submitted.
        expected: The problems, by slug, that are right answers; `fetched` for success.
        seconds: The deadline of the download.
        anywhere: Whether it may lead to any address that is not special, which no table knows.
    """

    name: str
    url: str
    expected: frozenset[str]
    seconds: float = 5
    anywhere: bool = False

    @classmethod
    def refused(cls, name: str, url: str) -> "Attack":
        """Return an attack that must end before anything forbidden is connected to."""
        return cls(name, url, REFUSED)


REFUSED = frozenset({"invalid-url", "url-not-allowed"})
# A redirect that is at fault is not the fault of whoever submitted the URL.
REDIRECT_REFUSED = frozenset({"remote-failed", "url-not-allowed"})


@dataclass(frozen=True)
class Outcome:
    """What became of an attack.

    Attributes:
        result: `fetched`, the problem's slug, or the name of an exception that must not be.
        detail: The detail of the problem.
        size: Bytes of the file.
        seconds: How long it took.
        growth: By how much the memory's peak grew, in bytes.
        attempts: Addresses that the interpreter was asked to connect to.
        openings: Addresses and ports to which the interface carried a SYN or a datagram.
        active_opens: Connections that the kernel began, by its own count.
    """

    result: str
    detail: str
    size: int
    seconds: float
    growth: int
    attempts: list[str]
    openings: list[tuple[str, int]]
    active_opens: int


@dataclass
class Tally:
    """What the last run tried."""

    tried: dict[str, int] = field(default_factory=dict)
    stopped: dict[str, int] = field(default_factory=dict)
    forbidden: int = 0
    slowest: float = 0
    growth: int = 0
    control_tried: int = 0
    control_leaked: int = 0

    def add(self, group: str, outcome: Outcome, forbidden: Iterable[object], *, ok: bool) -> None:
        """Count an attack."""
        self.tried[group] = self.tried.get(group, 0) + 1
        self.stopped[group] = self.stopped.get(group, 0) + ok
        self.forbidden += len(list(forbidden))
        self.slowest = max(self.slowest, outcome.seconds)
        self.growth = max(self.growth, outcome.growth)
