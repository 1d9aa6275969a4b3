from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoke_labeller.times import milliseconds_since, now, to_text
from tests.support import START


def test_a_time_is_written_in_utc_with_milliseconds() -> None:
    assert to_text(START) == "2026-11-23T07:51:11.123Z"
    assert to_text(datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=1)))) == (
        "2026-11-23T08:00:00.000Z"
    )


def test_now_has_a_time_zone() -> None:
    assert now().tzinfo is UTC


@given(*[st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1))] * 2)  # noqa: DTZ001 - hypothesis adds it
def test_the_order_of_the_texts_is_that_of_the_times(one: datetime, other: datetime) -> None:
    if one <= other:
        assert to_text(one) <= to_text(other)


def test_a_latency_is_in_milliseconds() -> None:
    assert milliseconds_since("2026-11-23T07:51:10.623Z", START) == 500


@pytest.mark.parametrize(
    "start", [None, "", "yesterday", "2026-11-23T07:51:10.623", "2026-11-23T07:51:12Z", "9" * 50]
)
def test_a_start_that_makes_no_sense_gives_no_latency(start: str | None) -> None:
    assert milliseconds_since(start, START) is None
