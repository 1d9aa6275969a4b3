from dataclasses import dataclass

import pytest

from benchmark.endpoint_client import Callers, Connection
from benchmark.errors import BenchmarkError
from tests.servers import ANSWER, endpoint


@dataclass(frozen=True)
class Deployed:
    """As much of an application as the callers need."""

    endpoint: str
    endpoint_name: str = "model"


def test_a_connection_is_kept_for_the_next_picture() -> None:
    with endpoint() as url, Connection(url, "model") as connection:
        assert connection.classify(b"picture") == ANSWER
        assert connection.classify(b"another") == ANSWER


def test_what_the_endpoint_refuses_is_an_error() -> None:
    with (
        endpoint(503) as url,
        Connection(url, "model") as connection,
        pytest.raises(BenchmarkError, match=r"http/1\.1 503"),
    ):
        connection.classify(b"picture")


def test_callers_classify_each_picture_once() -> None:
    with endpoint() as url, Callers(Deployed(url), 3) as callers:
        found = callers.all([b"picture"] * 10)

    assert found.count == 10
    assert found.rate == pytest.approx(10 / found.seconds)


def test_callers_go_on_until_the_time_is_up() -> None:
    with endpoint() as url, Callers(Deployed(url), 2) as callers:
        found = callers.during([b"picture"], 0.05)

    assert found.seconds >= 0.05
    assert found.count >= 2


def test_one_caller_takes_the_time_of_each_request() -> None:
    with endpoint() as url, Callers(Deployed(url), 1) as callers:
        times = callers.one_by_one([b"picture"], 4)

    assert len(times) == 4
    assert min(times) > 0
