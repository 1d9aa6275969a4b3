import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_common.problems import InvalidRequest
from lambda_common.request import Request
from tests.lambda_common.support import api_request

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT = {"id": "ä"}
TEXT = json.dumps(DOCUMENT)


def query(single: object = None, several: object = None) -> Request:
    return Request(
        api_request(
            "GET /things", queryStringParameters=single, multiValueQueryStringParameters=several
        )
    )


def body(text: object, content_type: object = "application/json", **changes: object) -> Request:
    headers = {"content-type": content_type}
    return Request(api_request("POST /things", body=text, headers=headers, **changes))


def test_a_request_names_its_route() -> None:
    request = Request(api_request("DELETE /things"))

    assert not request.is_direct
    assert (request.method, request.route) == ("DELETE", "DELETE /things")


@pytest.mark.parametrize("event", [{"id": "a"}, [], ["httpMethod"], None, 1, "httpMethod"])
def test_whatever_has_no_method_is_a_direct_invocation(event: object) -> None:
    request = Request(event)

    assert request.is_direct
    assert request.method == ""
    assert request.payload() == event


def test_a_direct_invocation_may_name_its_caller() -> None:
    assert Request({"id": "a", "caller": "system-tests"}).payload() == {"id": "a"}


@pytest.mark.parametrize(
    ("single", "several", "values"),
    [
        (None, None, {}),
        ({"id": "b"}, {"id": ["a", "b"]}, {"id": ["a", "b"]}),
        ({"id": "a"}, None, {"id": ["a"]}),
        ({"id": "a"}, {"other": ["b"]}, {"id": ["a"], "other": ["b"]}),
        ({"id": "a"}, {"id": "b"}, {"id": ["b"]}),
    ],
)
def test_a_query_has_all_its_values(single: object, several: object, values: object) -> None:
    assert query(single, several).query() == values


@pytest.mark.parametrize("malformed", ["id=a", ["id"], 1])
def test_a_malformed_query_is_refused(malformed: object) -> None:
    for request in (query(malformed), query(None, malformed)):
        with pytest.raises(InvalidRequest, match="query"):
            request.query()


@pytest.mark.parametrize(
    "request_",
    [
        body(TEXT),
        body(TEXT, "application/json; charset=utf-8"),
        body(TEXT, "Application/JSON"),
        body(TEXT, ""),
        Request(api_request("POST /things", body=TEXT, headers=None)),
        body("\ufeff" + TEXT),
        body(base64.b64encode(TEXT.encode()).decode(), isBase64Encoded=True),
        body(base64.b64encode(b"\xef\xbb\xbf" + TEXT.encode()).decode(), isBase64Encoded=True),
    ],
)
def test_a_document_is_read(request_: Request) -> None:
    assert request_.json("{}", 100) == DOCUMENT


@pytest.mark.parametrize(
    ("request_", "detail"),
    [
        (body(""), 'empty; send {"id": "a"}'),
        (body(None), "empty"),
        (body({"id": "a"}), "empty"),
        (body("{"), "JSON"),
        (body("id=a"), "JSON"),
        (body("[" * 20_000), "JSON"),
        (body("9" * 20_000), "JSON"),
        (body('{"id": "a", "id": "b"}'), "repeats"),
        (body(TEXT, "application/x-www-form-urlencoded"), "Content-Type"),
        (body(TEXT, "text/plain"), "Content-Type"),
        (body(TEXT, 5), "Content-Type"),
        (body("a" * 30_001), "30000"),
        (body("not base64!", isBase64Encoded=True), "JSON"),
        (body("ä", isBase64Encoded=True), "JSON"),
        (body(base64.b64encode(b"\xff\xff").decode(), isBase64Encoded=True), "JSON"),
    ],
)
def test_a_wrong_body_is_explained(request_: Request, detail: str) -> None:
    with pytest.raises(InvalidRequest, match=detail):
        request_.json('{"id": "a"}', 30_000)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = ("headers", "queryStringParameters", "multiValueQueryStringParameters", "body")


@given(
    st.fixed_dictionaries(
        {"httpMethod": JSON},
        optional={name: JSON | JSON.map(json.dumps) for name in (*FIELDS, "isBase64Encoded")},
    )
)
def test_whatever_arrives_is_read_or_refused(event: dict[str, Any]) -> None:
    request = Request(event)

    readers: list[Callable[[], object]] = [request.query, lambda: request.json("{}", 1000)]
    for read in readers:
        try:
            read()
        except InvalidRequest as refusal:
            assert refusal.detail.isprintable()  # noqa: PT017 - whatever is read is as good an end
