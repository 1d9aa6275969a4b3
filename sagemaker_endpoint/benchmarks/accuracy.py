"""Compares how well model packages label the same photographs, the first with each of the others.

PYTHONPATH=src .venv/bin/python benchmarks/accuracy.py PACKAGE PACKAGE... < photographs

Standard input has a line for each photograph: its file, a tab and its class. `python -m
tests.evaluation` of the ImageLabeller repository writes them. The last columns count the
photographs that a package has right and the first one has not, and the reverse; p is that of
McNemar's exact test.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from math import comb, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sagemaker_endpoint.classifier import Classifier
from sagemaker_endpoint.errors import Error
from sagemaker_endpoint.package import load

type Places = NDArray[np.bool_]

# The quantile of the normal distribution for an interval of 95 %.
DEVIATIONS = 1.959964
RESAMPLES = 10_000


def right(package: Path, photographs: list[tuple[Path, str]]) -> dict[int, Places]:
    """Whether each photograph's class is the first label, and whether it is among the five."""
    classifier = Classifier(load(package))
    first, five = [], []
    for number, (file, name) in enumerate(photographs, 1):
        best = classifier.classify(file.read_bytes()).argsort()[::-1][:5]
        names = [classifier.labels[index] for index in best]
        first.append(name == names[0])
        five.append(name in names)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{package}: {number} of {len(photographs)}\033[K")
    return {1: np.array(first), 5: np.array(five)}


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % confidence interval of a proportion, by Wilson's score method.

    Source: https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
    """
    share, square = successes / trials, DEVIATIONS**2
    centre = share + square / (2 * trials)
    half = DEVIATIONS * sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return (centre - half) / (1 + square / trials), (centre + half) / (1 + square / trials)


def mcnemar(gained: int, lost: int) -> float:
    """The probability of a difference as large between packages that are equally good."""
    trials, fewer = gained + lost, min(gained, lost)
    return float(min(1, 2 * sum(comb(trials, k) for k in range(fewer + 1)) / 2**trials))


def bootstrap(before: Places, after: Places) -> tuple[float, float]:
    """The 95 % confidence interval of the difference of two shares, photographs drawn in pairs."""
    difference = after.astype(float) - before
    drawn = np.random.default_rng(0).integers(0, difference.size, (RESAMPLES, difference.size))
    low, high = np.percentile(difference[drawn].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def compare(packages: list[Path], lines: Iterable[str]) -> Iterator[str]:
    """Compares packages.

    Args:
        packages: The model packages.
        lines: A photograph each: file, tab, class.

    Yields:
        The lines of the table.

    Raises:
        Error: A package cannot be served, or there is no photograph.
        OSError: A photograph cannot be read.
    """
    parts = (each.rstrip("\n").partition("\t") for each in lines)
    photographs = [(Path(file), name) for file, _, name in parts]
    if not photographs:
        raise Error("Standard input names no photograph.")
    results = [right(package, photographs) for package in packages]
    yield (
        f"{'package':32} top-  right of {len(photographs):<6} 95 %            "
        "difference (95 %)           gained  lost     p"
    )
    for package, result in zip(packages, results, strict=True):
        for places in result:
            yield row(package.name, places, results[0][places], result[places])


def row(name: str, places: int, before: Places, after: Places) -> str:
    """A package's line of the table."""
    count, total = int(after.sum()), after.size
    low, high = wilson(count, total)
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    difference = bootstrap(before, after)
    return (
        f"{name:32} {places:4}  {count:4} = {count / total:6.1%}   {low:6.1%} to {high:6.1%}  "
        f"{(count - int(before.sum())) / total:+6.1%} ({difference[0]:+6.1%} to "
        f"{difference[1]:+6.1%})   {gained:6}  {lost:4}  {mcnemar(gained, lost):4.2f}"
    )


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("packages", nargs="+", type=Path, metavar="PACKAGE")
    try:
        for each in compare(parser.parse_args().packages, sys.stdin):
            sys.stdout.write(f"{each}\n")
    except (Error, OSError) as error:
        sys.stderr.write(f"accuracy.py: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
