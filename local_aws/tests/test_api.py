"""The API is called where the emulator serves it, and its answers are told to people."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from local_aws import CloudError, api, ports

PUBLIC = "https://a1b2.execute-api.us-west-1.amazonaws.com/v1/submit-image"


class Answering(BaseHTTPRequestHandler):
    answer: ClassVar[tuple[int, bytes]] = (200, b"{}")
    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:  # http.server's name
        self.asked.append((self.path, self.headers.get("x-api-key")))
        status, body = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Answering.asked.clear()
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/route"
        server.shutdown()
        thread.join()


def test_a_public_url_is_mapped_to_the_emulator() -> None:
    assert api.local_url(PUBLIC, "http://127.0.0.1:4566") == (
        "http://127.0.0.1:4566/_aws/execute-api/a1b2/v1/submit-image"
    )


@pytest.mark.parametrize("url", ["", "http://a.execute-api.x/v1", "https://example.com/v1/x"])
def test_another_url_is_no_api_s(url: str) -> None:
    with pytest.raises(CloudError, match="is not the URL of an API"):
        api.local_url(url, "http://127.0.0.1:4566")


def test_a_route_is_found_by_its_output() -> None:
    route = api.find("SubmitImageAPI", {"A": {}, "B": {"SubmitImageAPI": PUBLIC}}, "http://c", "r")

    assert route == api.Route("http://c/_aws/execute-api/a1b2/v1/submit-image", None)


def test_a_route_that_is_not_deployed_is_named() -> None:
    with pytest.raises(CloudError, match="has an output SubmitImageAPI: make deploy"):
        api.find("SubmitImageAPI", {"A": {}}, "http://c", "r")


def test_curl_gets_the_key() -> None:
    assert api.Route("http://x/y", "k").curl("a=b") == "curl -H 'x-api-key: k' 'http://x/y?a=b'"
    assert api.Route("http://x/y").curl("a=b") == "curl 'http://x/y?a=b'"


def test_the_query_is_encoded_and_the_key_sent(url: str) -> None:
    Answering.answer = (200, b'{"ImageId": "1"}')

    assert api.Route(url, "k").get(url="https://x/?a=b&c=d") == {"ImageId": "1"}
    assert Answering.asked == [("/route?url=https%3A%2F%2Fx%2F%3Fa%3Db%26c%3Dd", "k")]


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (
            415,
            b'{"title": "Unsupported image", "detail": "It is a PDF."}',
            "The API refused this (415): Unsupported image: It is a PDF.",
        ),
        (403, b'{"message": "Forbidden"}', "The API refused this (403): Forbidden."),
        (500, b"{}", "The API refused this (500): without a reason."),
        (502, b"<html>", "The API answered 502 without a JSON object: make logs"),
        (200, b"[]", "The API answered 200 without a JSON object: make logs"),
        (200, b"\xff", "The API answered 200 without a JSON object: make logs"),
    ],
)
def test_what_is_refused_is_told(url: str, status: int, body: bytes, told: str) -> None:
    Answering.answer = (status, body)

    with pytest.raises(CloudError) as failure:
        api.Route(url).get()

    assert str(failure.value) == told


def test_silence_is_told() -> None:
    with pytest.raises(CloudError, match="does not answer: make status"):
        api.Route(f"http://127.0.0.1:{ports.free()}/x").get()
