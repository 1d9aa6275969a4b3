"""A figure: how it follows from what was measured, and its goal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmark.parts.part import Samples
from benchmark.statistics import rounded, summary

# The samples of one application's round, and those of `now` in the same round.
type Derivation = Callable[[Samples, Samples], float]
# From seconds and pictures a second to what is shown.
FACTORS = {"ms": 1000.0, "s": 1.0, "/s": 1.0}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure.

    Attributes:
        name: Its name in results.json.
        title: What it is.
        ratio: How it is computed, for people.
        derive: How it is computed.
        needs: The samples that it takes; without one of them it is left out.
        unit: Its unit; empty for a ratio.
        digits: How many decimals are shown.
        at_least: The goal, where more is better.
        at_most: The goal, where less is better.
    """

    name: str
    title: str
    ratio: str
    derive: Derivation
    needs: tuple[str, ...]
    unit: str = ""
    digits: int = 2
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self) -> float | None:
        """The goal, or None."""
        return self.at_most if self.at_least is None else self.at_least

    @property
    def goal(self) -> str:
        """The goal as it is shown, or nothing."""
        if self.target is None:
            return ""
        return f"{'≤' if self.at_least is None else '≥'} {self.text(self.target)}"

    def is_met(self, value: float) -> bool | None:
        """Tell whether a value reaches the goal; None where there is none."""
        if self.at_least is not None:
            return value >= self.at_least
        return None if self.at_most is None else value <= self.at_most

    def number(self, value: float) -> str:
        """Return a value as it is shown, without its unit."""
        return f"{value:.{self.digits}f}"

    def text(self, value: float) -> str:
        """Return a value as it is shown, with its unit."""
        return f"{self.number(value)} {self.unit}".rstrip()

    def of(self, name: str, values: Sequence[float]) -> dict[str, Any]:
        """Return the figure as results.json has it, with all that a table or a plot shows.

        Args:
            name: The application's name.
            values: The figure's values, one from each round.
        """
        found = summary(values)
        median, low, high = (found[each] for each in ("median", "low", "high"))
        spread = (self.number(low), self.number(high))
        shown = self.text(median) + (f" ({' to '.join(spread)})" if len(set(spread)) > 1 else "")
        return {
            "name": self.name,
            "title": self.title,
            "how": self.ratio,
            "unit": self.unit,
            "of": name,
            **found,
            "values": [rounded(value) for value in values],
            "shown": shown,
            "goal": self.goal,
            "target": self.target,
            "met": self.is_met(median),
        }


def scaled(name: str, factor: float) -> Derivation:
    """Return what multiplies a sample by a factor."""
    return lambda own, _: own[name] * factor


def plain(name: str, sample: str, unit: str, title: str, ratio: str = "") -> Figure:
    """Make a figure of a sample as it is, in another unit.

    Args:
        name: The figure's name in results.json.
        sample: The sample's name.
        unit: One of FACTORS.
        title: What it is.
        ratio: How it is measured, for people.
    """
    return Figure(
        name=name,
        title=title,
        ratio=ratio,
        derive=scaled(sample, FACTORS[unit]),
        needs=(sample,),
        unit=unit,
        digits=1,
    )
