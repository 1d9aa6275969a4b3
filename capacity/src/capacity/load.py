"""What the user asks about: how many pictures come, and how long the model is away."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local_aws.errors import UsageError

PERIODS = {
    "": 1.0,
    "s": 1.0,
    "second": 1.0,
    "min": 60.0,
    "minute": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "day": 86_400.0,
}
UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
NUMBER = r"([0-9]+(?:\.[0-9]+)?(?:[eE][0-9]+)?)"
HIGHEST_RATE = 1e6
HIGHEST_BURST = 100_000_000
LONGEST_OUTAGE = 14 * 86_400.0
ACCOUNTS = ("new", "default", "raised")


@dataclass(frozen=True)
class Load:
    """What comes in.

    Attributes:
        rate: Pictures a second.
        burst: Pictures at once, besides.
        outage: Seconds for which the endpoint answers nothing.
    """

    rate: float
    burst: float = 0
    outage: float = 0


@dataclass(frozen=True)
class Request:
    """Everything that the user asks for.

    Attributes:
        load: What comes in.
        environment: Names the parameter files.
        size: Names the size's parameter files; empty for none.
        parameters: Further parameters, `Name=value …`.
        account: Whose quotas hold: those of a `new` account, AWS's `default`, or `raised` as far
            as needed.
        assume: Assumptions that differ, by name.
        plot: Where to draw; None for nowhere.
        json: Whether to print JSON.
    """

    load: Load
    environment: str
    size: str
    parameters: str
    account: str
    assume: Mapping[str, float]
    plot: Path | None
    json: bool

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read what the user has set.

        Args:
            given: The variables by name; what is empty is not set.

        Raises:
            UsageError: If one makes no sense. The message names it.
        """
        if "RATE" not in given:
            raise UsageError("Say how many pictures come: RATE=100 a second, or RATE=1000/day.")
        account = given.get("ACCOUNT", "new")
        if account not in ACCOUNTS:
            raise UsageError(f"ACCOUNT must be one of {', '.join(ACCOUNTS)}, not {account!r}.")
        if given.get("JSON", "no") not in {"yes", "no"}:
            raise UsageError(f"JSON must be yes or no, not {given['JSON']!r}.")
        return cls(
            Load(
                rate(given["RATE"]),
                burst(given.get("BURST", "0")),
                duration(given.get("OUTAGE", "0")),
            ),
            environment=given.get("ENVIRONMENT", "production"),
            size=given.get("SIZE", ""),
            parameters=given.get("PARAMETERS", ""),
            account=account,
            assume=assumptions(given.get("ASSUME", "")),
            plot=_drawing(given["PLOT"]) if "PLOT" in given else None,
            json=given.get("JSON") == "yes",
        )


def rate(text: str) -> float:
    """Read pictures a second from `100`, `1000/day` or `20/min`.

    Raises:
        UsageError: If it is no such rate.
    """
    match = re.fullmatch(rf"{NUMBER}(?:/([a-z]+))?", text.strip())
    if not match or (match[2] or "") not in PERIODS:
        raise UsageError(f"RATE must be pictures a second, such as 100, or 1000/day, not {text!r}.")
    value = float(match[1]) / PERIODS[match[2] or ""]
    if not 0 < value <= HIGHEST_RATE:
        raise UsageError(
            f"RATE must be more than 0 and at most {HIGHEST_RATE:,.0f} a second, not {text!r}."
        )
    return value


def burst(text: str) -> int:
    """Read a number of pictures.

    Raises:
        UsageError: If it is none.
    """
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or int(text) > HIGHEST_BURST:
        raise UsageError(
            f"BURST must be a number of pictures up to {HIGHEST_BURST:,}, not {text!r}."
        )
    return int(text)


def duration(text: str) -> float:
    """Read seconds from `90s`, `30min`, `2h` or `1d`.

    Raises:
        UsageError: If it is no such time, or longer than two weeks.
    """
    match = re.fullmatch(rf"{NUMBER}([a-z]+)", text.strip())
    if text.strip() == "0":
        return 0
    if not match or match[2] not in UNITS:
        raise UsageError(
            f"OUTAGE must be a time with its unit, such as 90s, 30min, 2h or 1d, not {text!r}."
        )
    seconds = float(match[1]) * UNITS[match[2]]
    if seconds > LONGEST_OUTAGE:
        raise UsageError(f"OUTAGE must be at most 14d, not {text!r}.")
    return seconds


def assumptions(text: str) -> dict[str, float]:
    """Read `name=number …`.

    Raises:
        UsageError: If it is nothing of the kind.
    """
    found: dict[str, float] = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        try:
            found[name] = float(value) if equals else math.nan
        except ValueError:
            found[name] = math.nan
        if math.isnan(found[name]):
            raise UsageError(
                f'ASSUME must be "name=number …", such as model-seconds=0.3, not {word!r}.'
            )
    return found


def _drawing(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if path.suffix != ".svg":
        raise UsageError(f"PLOT must be a file whose name ends in .svg, not {text!r}.")
    if not path.parent.is_dir():
        raise UsageError(f"PLOT={text}: there is no directory {path.parent}.")
    return path
