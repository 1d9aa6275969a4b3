from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy import bootstrap, compare, mcnemar, wilson
from tests.samples import changed, colours, encoded, plain, write


def test_two_packages_are_compared_over_the_same_photographs(tmp_path: Path) -> None:
    # given four pictures, and a package that takes red for blue
    lines = []
    for number, colour in enumerate(("red", "red", "lime", "blue")):
        file = tmp_path / f"{number}.png"
        file.write_bytes(encoded(plain(colour)))
        lines.append(f"{file}\t{colour.replace('lime', 'green')}\n")
    packages = [
        write(colours(description), tmp_path / name)
        for name, description in (
            ("right", changed()),
            ("wrong", changed(input={"channels": "BGR"})),
        )
    ]

    cells = [line.split() for line in compare(packages, lines)]

    assert cells[1][:5] == ["right", "1", "4", "=", "100.0%"]
    assert cells[3][:5] == ["wrong", "1", "1", "=", "25.0%"]
    assert cells[3][-3:] == ["0", "3", "0.25"]


# Of R's binom.confint(x, n, methods = "wilson").
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"), [(0, 10, 0.0, 0.2775), (18, 20, 0.6990, 0.9721)]
)
def test_the_interval_of_a_share_is_wilsons(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=1e-4)


# Of R's binom.test(gained, gained + lost).
@pytest.mark.parametrize(
    ("gained", "lost", "p"), [(0, 0, 1), (2, 2, 1), (0, 5, 0.0625), (1, 9, 0.02148)]
)
def test_the_probability_is_mcnemars(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p, abs=1e-4)


def test_the_interval_of_a_difference_keeps_the_pairs() -> None:
    before = np.arange(100) % 2 == 0

    assert bootstrap(before, before) == (0, 0)
    assert bootstrap(before, ~before) == pytest.approx((-0.2, 0.2), abs=0.03)
