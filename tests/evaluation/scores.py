"""How often a photograph's class is among the labels, and how sure that is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

# The quantile of the normal distribution for an interval of 95 %.
DEVIATIONS = 1.959964


@dataclass(frozen=True)
class Score:
    """What became of the photographs of one source.

    Attributes:
        source: Where they are from.
        photographs: How many there are.
        top_1: How many have their class as the first label.
        top_5: How many have it among the first five.
    """

    source: str
    photographs: int
    top_1: int
    top_5: int

    @classmethod
    def of(cls, source: str, answers: Iterable[tuple[str, Sequence[str]]]) -> Self:
        """Count: each answer is a photograph's class, and the names that it got, best first."""
        places = [(known in names[:1], known in names[:5]) for known, names in answers]
        return cls(
            source, len(places), sum(one for one, _ in places), sum(five for _, five in places)
        )


def interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a proportion, by Wilson's score method.

    Source: https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm

    Args:
        successes: How often it was so.
        trials: How often it could have been so; more than none.

    Returns:
        The lower and the upper bound, from 0 to 1.
    """
    share, square = successes / trials, DEVIATIONS**2
    centre = share + square / (2 * trials)
    half = DEVIATIONS * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    scale = 1 + square / trials
    return (centre - half) / scale, (centre + half) / scale


def table(scores: Sequence[Score]) -> list[str]:
    """Lay the scores out in lines, with a last line for all photographs together."""
    whole = Score(
        "all",
        sum(each.photographs for each in scores),
        sum(each.top_1 for each in scores),
        sum(each.top_5 for each in scores),
    )
    head = f"{'photographs of':28} {'number':>6}   {'top-1 (95 %)':30} top-5 (95 %)"
    return [head, *(_line(each) for each in (*scores, whole))]


def share(successes: int, trials: int) -> str:
    """Say a proportion with its interval: `18 = 90.0% (69.9% to 97.2%)`."""
    low, high = interval(successes, trials)
    return f"{successes} = {successes / trials:.1%} ({low:.1%} to {high:.1%})"


def _line(score: Score) -> str:
    first, five = (share(each, score.photographs) for each in (score.top_1, score.top_5))
    return f"{score.source:28} {score.photographs:6}   {first:30} {five}"
