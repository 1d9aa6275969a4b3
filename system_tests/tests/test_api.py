import pytest
import requests

from system_tests.api import ATTEMPTS, Api
from system_tests.auth import Anonymous
from tests.servers import Reply, serving

OK = Reply(200, b'{"Status": "CLASSIFIED"}', {"Content-Type": "application/json"})


def test_comes_back_when_a_throttled_api_says_so() -> None:
    pauses: list[float] = []
    throttled = [
        Reply(429, headers={"Retry-After": "3"}),
        Reply(429, headers={"Retry-After": "99"}),
    ]
    with serving(*throttled, Reply(429), OK) as server:
        answer = Api(server.url, Anonymous(), timeout=60, pause=pauses.append).get("")
    assert answer.status == 200
    assert pauses == [3, 10, 2]


def test_does_not_come_back_for_ever() -> None:
    with serving(Reply(429)) as server:
        answer = Api(server.url, Anonymous(), timeout=60, pause=lambda _: None).get("")
    assert answer.status == 429
    assert len(server.received) == ATTEMPTS


def test_follows_no_redirect() -> None:
    with serving(Reply(302, headers={"Location": "http://example.com/"})) as server:
        assert Api(server.url, Anonymous(), timeout=60).get("").status == 302


def test_does_not_wait_for_ever() -> None:
    with serving(OK) as server:
        pass
    with pytest.raises(requests.ConnectionError):
        Api(server.url, Anonymous(), timeout=60).get("")
