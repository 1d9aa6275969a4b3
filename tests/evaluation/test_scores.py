import pytest

from tests.evaluation.scores import Score, interval, table


def test_a_class_counts_where_it_stands() -> None:
    answers = [
        ("pug", ["pug", "bull mastiff"]),
        ("pug", ["bull mastiff", "boxer", "Boston bull", "muzzle", "pug"]),
        ("pug", ["a", "b", "c", "d", "e", "pug"]),
        ("pug", []),
    ]

    assert Score.of("dogs", answers) == Score("dogs", photographs=4, top_1=1, top_5=2)


# Of R's binom.confint(x, n, methods = "wilson").
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (18, 20, 0.6990, 0.9721), (20, 20, 0.8389, 1)],
)
def test_the_interval_is_wilsons(successes: int, trials: int, low: float, high: float) -> None:
    assert interval(successes, trials) == pytest.approx((low, high), abs=1e-4)


def test_the_table_ends_with_all_photographs() -> None:
    lines = table([Score("one", 20, 18, 20), Score("other", 80, 62, 75)])

    assert len(lines) == 4
    assert lines[-1].split()[:5] == ["all", "100", "80", "=", "80.0%"]
