import pytest

from benchmark.statistics import summary


def test_the_summary_has_median_and_quartiles() -> None:
    found = summary([5.0, 1.0, 3.0, 2.0, 4.0])

    assert found == {"median": 3.0, "low": 2.0, "high": 4.0}


def test_between_two_values_it_is_interpolated() -> None:
    found = summary([1.0, 2.0])

    assert (found["low"], found["median"], found["high"]) == (1.25, 1.5, 1.75)


def test_one_value_has_no_spread() -> None:
    found = summary([0.123456789])

    assert found["low"] == found["median"] == found["high"] == 0.12346


def test_an_outlier_moves_the_median_little() -> None:
    assert summary([1.0, 1.0, 1.1, 1.1, 90.0])["median"] == pytest.approx(1.1)
