import socket
import ssl
import time

import h11
import pytest
import trustme

from submit_image import transport
from submit_image.deadline import Deadline
from submit_image.urls import Target
from tests.conftest import Serve
from tests.support.servers import answer, ok

TLS = ssl.create_default_context()


def get(
    target: Target, addresses: list[str], seconds: float = 30, tls: ssl.SSLContext = TLS
) -> str:
    headers = {"Host": target.authority}
    with transport.get(target, addresses, headers, tls, Deadline.after(seconds)) as response:
        return b"".join(response.body()).decode()


def test_the_name_is_never_connected_to(serve: Serve, connections: list[str]) -> None:
    server = serve(answer(ok(b"body")))
    target = Target("http", "name.invalid", server.port, "/")

    assert get(target, ["127.0.0.1"]) == "body"

    assert connections == [str(("127.0.0.1", server.port))]


def test_the_next_address_is_tried_when_one_refuses(serve: Serve, connections: list[str]) -> None:
    server = serve(answer(ok(b"body")))
    target = Target("http", "name.invalid", server.port, "/")

    assert get(target, ["127.0.0.9", "127.0.0.1"]) == "body"

    assert len(connections) == 2


def test_no_more_than_the_first_few_addresses_are_tried(connections: list[str]) -> None:
    with pytest.raises(ConnectionRefusedError):
        transport.connect([f"127.0.0.{last}" for last in range(1, 100)], 1, Deadline.after(5))

    assert len(connections) == transport.MAX_ADDRESSES


def test_without_a_listener_the_connection_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    with pytest.raises(ConnectionRefusedError):
        get(Target("http", "name.invalid", port, "/"), ["127.0.0.1"])


def test_the_certificate_is_that_of_the_name_and_not_of_the_address(serve: Serve) -> None:
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("name.invalid").configure_cert(server_side)
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    server = serve(answer(ok(b"body")), tls=server_side)

    assert get(Target("https", "name.invalid", server.port, "/"), ["127.0.0.1"], tls=tls) == "body"
    with pytest.raises(ssl.SSLCertVerificationError):
        get(Target("https", "other.invalid", server.port, "/"), ["127.0.0.1"], tls=tls)


def test_a_body_that_drips_is_cut_at_the_deadline(serve: Serve) -> None:
    server = serve(answer())
    server.use(server.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"))
    started = time.monotonic()

    with pytest.raises(TimeoutError):
        get(Target("http", "name.invalid", server.port, "/"), ["127.0.0.1"], seconds=0.3)

    assert time.monotonic() - started < 15  # deadline: the body drips for 50 s


@pytest.mark.parametrize(
    "path", ["/a b", "/a\r\nX: y", "/a\nX: y", "/\x00", "/\x7f", "/\u00e4", ""]
)
def test_what_would_split_the_request_is_not_sent(connections: list[str], path: str) -> None:
    with pytest.raises((h11.LocalProtocolError, UnicodeError)):
        get(Target("http", "name.invalid", 80, path), ["127.0.0.1"])

    assert connections == []


def test_nothing_is_logged_about_an_answer(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(answer(b"HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 4\r\n\r\nbody"))
    target = Target("http", "name.invalid", server.port, "/cat.jpg?X-Amz-Signature=5ec7e7")

    with pytest.raises(h11.RemoteProtocolError):
        get(target, ["127.0.0.1"])

    assert caplog.text == ""


def test_the_socket_is_closed_with_the_exchange(serve: Serve) -> None:
    server = serve(answer(ok(bytes(1_000_000))))
    target = Target("http", "name.invalid", server.port, "/")

    with transport.get(target, ["127.0.0.1"], {"Host": "a"}, TLS, Deadline.after(30)) as response:
        body = response.body()
        next(body)

    with pytest.raises(OSError, match="Bad file descriptor"):
        list(body)
