import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submit_image.events import MAX_BODY_LENGTH, is_api_request, submitted_url
from submit_image.problems import InvalidRequest
from submit_image.urls import MAX_LENGTH
from tests.support.events import api_request, get, post

URL = "https://example.com/cat.jpg"


@pytest.mark.parametrize(
    "event",
    [
        {"url": URL},
        get(f"url={URL}"),
        get("url=https%3A%2F%2Fexample.com%2Fcat.jpg"),
        api_request("GET", queryStringParameters={"url": URL}),
        post({"url": URL}),
        post({"url": URL}, "application/json; charset=utf-8"),
        post({"url": URL}, "Application/JSON"),
        post({"url": URL}, None),
        post({"url": URL}, headers=None),
        post(base64.b64encode(json.dumps({"url": URL}).encode()).decode(), isBase64Encoded=True),
    ],
)
def test_the_url_is_found(event: dict[str, Any]) -> None:
    assert submitted_url(event) == URL


@pytest.mark.parametrize(
    "event",
    [None, [], "text", 1, {}, {"url": None}, {"url": ""}, {"url": 1}, {"url": [URL]}, {"URL": URL}],
)
def test_a_direct_invocation_gives_the_url_and_nothing_else(event: object) -> None:
    assert not is_api_request(event)
    with pytest.raises(InvalidRequest):
        submitted_url(event)


def test_an_unknown_member_is_named() -> None:
    with pytest.raises(InvalidRequest, match="'callback'"):
        submitted_url({"url": URL, "callback": URL})


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "url"),
        ("url=", "url"),
        ("uri=https://example.com", "'uri'"),
        ("url=https://example.com/?a=1&b=2", "'b'.*encode"),
        (f"url={URL}&url={URL}", "once"),
    ],
)
def test_a_wrong_query_is_explained(query: str, detail: str) -> None:
    with pytest.raises(InvalidRequest, match=detail):
        submitted_url(get(query))


@pytest.mark.parametrize(
    ("event", "detail"),
    [
        (post(""), "empty"),
        (post("{"), "JSON"),
        (post("url=https://example.com"), "JSON"),
        (post("[" * 20_000), "JSON"),
        (post("9" * 20_000), "JSON"),
        (post("[]"), "object"),
        (post('"https://example.com"'), "object"),
        (post("null"), "object"),
        (post({}), "url"),
        (post({"url": None}), "url"),
        (post({"url": URL, "priority": 1}), "'priority'"),
        (post('{"url": "a", "url": "b"}'), "repeats"),
        (post({"url": URL}, "application/x-www-form-urlencoded"), "Content-Type"),
        (post({"url": URL}, "text/plain"), "Content-Type"),
        (post("a" * (MAX_BODY_LENGTH + 1)), str(MAX_BODY_LENGTH)),
        (post("not base64!", isBase64Encoded=True), "JSON"),
        (post("ä", isBase64Encoded=True), "JSON"),
        (post(base64.b64encode(b"\xff\xff").decode(), isBase64Encoded=True), "JSON"),
        (post({"url": URL}, queryStringParameters={"url": URL}), "query"),
        (api_request("PUT"), "GET or POST"),
        (api_request("GET", queryStringParameters="url=a"), "query"),
    ],
)
def test_a_wrong_request_is_explained(event: dict[str, Any], detail: str) -> None:
    with pytest.raises(InvalidRequest, match=detail):
        submitted_url(event)


def test_the_longest_url_fits_into_a_body_however_it_is_escaped() -> None:
    url = "ä" * MAX_LENGTH

    assert submitted_url(post({"url": url})) == url


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4)
    ),
)
parameters = st.none() | st.dictionaries(st.sampled_from(["url", "a"]), json_values) | json_values


@given(
    st.fixed_dictionaries(
        {"httpMethod": st.sampled_from(["GET", "POST", "PUT"]) | json_values},
        optional={
            "headers": json_values | st.dictionaries(st.just("Content-Type"), json_values),
            "queryStringParameters": parameters,
            "multiValueQueryStringParameters": parameters,
            "body": json_values | json_values.map(json.dumps),
            "isBase64Encoded": json_values,
            "requestContext": json_values,
        },
    )
    | json_values
)
def test_whatever_arrives_is_read_or_refused(event: object) -> None:
    try:
        url = submitted_url(event)
    except InvalidRequest as refusal:
        assert refusal.detail.isprintable()  # noqa: PT017 - a URL is as good an end
        return
    assert url
