import pytest
import requests

from system_tests.api import ATTEMPTS, Api
from system_tests.auth import Anonymous, ApiKey
from tests.servers import Reply, serving

OK = Reply(200, b'{"Status": "CLASSIFIED"}', {"Content-Type": "application/json"})


def test_sends_a_query_and_reads_json() -> None:
    with serving(OK) as server:
        answer = Api(server.url, ApiKey("k"), timeout=5).get({"imageId": "a b"})
    assert (answer.status, answer.body) == (200, {"Status": "CLASSIFIED"})
    assert answer.headers["content-type"] == "application/json"
    [received] = server.received
    assert (received.method, received.target) == ("GET", "/?imageId=a+b")
    assert received.headers["x-api-key"] == "k"


def test_sends_a_body_as_another_caller() -> None:
    with serving(OK) as server:
        Api(server.url, ApiKey("k"), timeout=5).post({"url": "x"}, auth=Anonymous())
    [received] = server.received
    assert received.json == {"url": "x"}
    assert "x-api-key" not in received.headers


def test_has_no_body_where_there_is_no_json() -> None:
    with serving(Reply(502, b"<html>")) as server:
        assert Api(server.url, Anonymous(), timeout=5).get("").body is None


def test_comes_back_when_a_throttled_api_says_so() -> None:
    pauses: list[float] = []
    throttled = [
        Reply(429, headers={"Retry-After": "3"}),
        Reply(429, headers={"Retry-After": "99"}),
    ]
    with serving(*throttled, Reply(429), OK) as server:
        answer = Api(server.url, Anonymous(), timeout=5, pause=pauses.append).get("")
    assert answer.status == 200
    assert pauses == [3, 10, 2]


def test_does_not_come_back_for_ever() -> None:
    with serving(Reply(429)) as server:
        answer = Api(server.url, Anonymous(), timeout=5, pause=lambda _: None).get("")
    assert answer.status == 429
    assert len(server.received) == ATTEMPTS


@pytest.mark.parametrize("status", [403, 500, 503])
def test_takes_every_other_answer_as_it_is(status: int) -> None:
    with serving(Reply(status), OK) as server:
        assert Api(server.url, Anonymous(), timeout=5).get("").status == status


def test_follows_no_redirect() -> None:
    with serving(Reply(302, headers={"Location": "http://example.com/"})) as server:
        assert Api(server.url, Anonymous(), timeout=5).get("").status == 302


def test_does_not_wait_for_ever() -> None:
    with serving(OK) as server:
        pass
    with pytest.raises(requests.ConnectionError):
        Api(server.url, Anonymous(), timeout=5).get("")
