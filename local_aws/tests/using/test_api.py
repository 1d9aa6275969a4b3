"""The API is found where the emulator serves it, and people get a command line that calls it."""

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from local_aws import CloudError, Settings
from local_aws.using import api

PUBLIC = "https://a1b2.execute-api.us-west-1.amazonaws.com/v1/submit-image"


class Answering(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:  # http.server's name
        self.asked.append((self.path, self.headers.get("x-api-key")))
        self.send_response(200)
        self.end_headers()

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


def test_where_nothing_is_deployed_the_client_s_user_is_shown_what_to_do() -> None:
    class Empty:
        settings = Settings.read({})
        url = "http://c"

        def outputs(self) -> dict[str, dict[str, str]]:
            return {"A": {"SubmitImageAPI": PUBLIC}}

    with pytest.raises(CloudError, match=r"is not deployed in .*: make demo or make deploy first"):
        api.connection(Empty())  # type: ignore[arg-type] # a fake


@pytest.mark.parametrize(
    "picture",
    [
        "https://example.org/a%20b.jpg?x=1&y=2+3#f",
        "https://example.org/{a,b}[1-3].jpg",
        'https://example.org/l\'été $(x) `y` "z".jpg',
        "-x",
        "@/etc/hostname",
    ],
)
def test_the_curl_line_works_in_a_shell_whatever_the_value_is(url: str, picture: str) -> None:
    line = api.Route(url, "k").curl(url=picture)

    subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True)

    [(path, key)] = Answering.asked
    assert parse_qs(urlsplit(path).query) == {"url": [picture]}
    assert key == "k"


@pytest.mark.parametrize("variable", ["http_proxy", "ALL_PROXY"])
def test_the_curl_line_works_where_a_proxy_is_set(
    url: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    subprocess.run(["/bin/sh", "-c", api.Route(url).curl(a="b")], check=True, capture_output=True)

    assert Answering.asked == [("/route?a=b", None)]


def test_without_a_key_curl_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    assert api.Route("http://x/y").curl(a="b") == "curl --get --data-urlencode a=b http://x/y"
