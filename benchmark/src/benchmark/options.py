"""What the user has chosen: `make benchmark ONLY=endpoint` arrives as IMAGELABELLER_ONLY."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmark.errors import UsageError

PREFIX = "IMAGELABELLER_"
PARTS = ("endpoint", "pipeline", "cold-start", "packages", "api", "deployment")
COMMIT = re.compile(r"[0-9A-Za-z][\w./~^-]*")
MOST_ROUNDS = 100
MOST_MINUTES = 600


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much each round measures.

    Attributes:
        rows: Pictures of 0.3 megapixels that are labelled.
        large_rows: Pictures of 12 megapixels that are labelled.
        seconds: How long the endpoint's throughput is measured each time.
        requests: How many requests are made for a latency.
        starts: How often each handler is started.
    """

    rows: int = 300
    large_rows: int = 24
    seconds: float = 2.0
    requests: int = 40
    starts: int = 2


SMALLEST = Sizes(rows=4, large_rows=2, seconds=0.2, requests=2, starts=1)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is measured, and for how long.

    Attributes:
        only: The parts to measure.
        rounds: How often each is measured; fewer where the time is up before.
        minutes: After which no further round begins.
        before: Commits of the project to measure too, in the same rounds.
        model: Model package that is served; None for the one that the project builds.
        publish: Whether the documentation's figures are replaced.
        sizes: How much each round measures.
    """

    only: tuple[str, ...] = PARTS
    rounds: int = 5
    minutes: float = 8.0
    before: tuple[str, ...] = ()
    model: Path | None = None
    publish: bool = False
    sizes: Sizes = Sizes()


def read(environ: Mapping[str, str], *, smallest: bool = False) -> Options:
    """Read the options from environment variables, as make passes them on.

    Args:
        environ: Environment variables: IMAGELABELLER_ONLY, _ROUNDS, _MINUTES, _BEFORE, _MODEL and
            _PUBLISH; what is empty is not set.
        smallest: Whether each round measures as little as possible, to see that it works.

    Raises:
        UsageError: If one of them is wrong; the message says what it may be.
    """
    given = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in environ.items()
        if name.startswith(PREFIX) and value.strip()
    }
    only = _words(given.get("ONLY", ""))
    if unknown := [name for name in only if name not in PARTS]:
        raise UsageError(f"ONLY has no part {unknown[0]!r}. It has {', '.join(PARTS)}.")
    before = _words(given.get("BEFORE", ""))
    if wrong := [name for name in before if not COMMIT.fullmatch(name)]:
        raise UsageError(f"BEFORE must name commits, and {wrong[0]!r} is none.")
    publish = _answer(given, "PUBLISH")
    if publish and only:
        raise UsageError("PUBLISH=yes replaces the documentation's figures, so it takes no ONLY.")
    return Options(
        only=tuple(name for name in PARTS if not only or name in only),
        rounds=_rounds(given.get("ROUNDS", "5")),
        minutes=_minutes(given.get("MINUTES", "8")),
        before=before,
        model=_file(given.get("MODEL")),
        publish=publish,
        sizes=SMALLEST if smallest else Sizes(),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.split(r"[\s,]+", text))) if text else ()


def _answer(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "no")
    if text not in {"yes", "no"}:
        raise UsageError(f"{name} must be yes or no, not {text!r}.")
    return text == "yes"


def _rounds(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) or not 0 < int(text) <= MOST_ROUNDS:
        raise UsageError(f"ROUNDS must be a number from 1 to {MOST_ROUNDS}, not {text!r}.")
    return int(text)


def _minutes(text: str) -> float:
    number = float(text) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text) else 0
    if not 0 < number <= MOST_MINUTES:
        raise UsageError(
            f"MINUTES must be a number above 0 and at most {MOST_MINUTES}, not {text!r}."
        )
    return number


def _file(text: str | None) -> Path | None:
    if text is None:
        return None
    path = Path(text).expanduser().absolute()
    if not path.exists():
        raise UsageError(f"MODEL: there is no model package at {path}.")
    return path
