import socket
import ssl
import time

import pytest
import trustme
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from submit_image import transport
from submit_image.deadline import Deadline
from submit_image.transport import DeadlineSocket
from submit_image.urls import Target
from tests.conftest import Serve
from tests.support.servers import answer, ok

TLS = ssl.create_default_context()


def get(target: Target, addresses: list[str], seconds: float = 2, tls: ssl.SSLContext = TLS) -> str:
    headers = {"Host": target.authority}
    with transport.get(target, addresses, headers, tls, Deadline.after(seconds)) as response:
        return response.read().decode()


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

    with pytest.raises(ReadTimeoutError):
        get(Target("http", "name.invalid", server.port, "/"), ["127.0.0.1"], seconds=0.3)

    assert time.monotonic() - started < 3


def test_nothing_is_sent_after_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        guarded = DeadlineSocket(ours, Deadline.after(-1))

        with pytest.raises(TimeoutError):
            guarded.sendall(b"late")


def test_nothing_is_read_after_the_deadline_even_if_it_is_there() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"early")
        guarded = DeadlineSocket(ours, Deadline.after(-1))

        with pytest.raises(TimeoutError):
            guarded.makefile().read(1)


def test_the_http_library_cannot_lengthen_the_time() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        guarded = DeadlineSocket(ours, Deadline.after(0.1))
        guarded.settimeout(None)
        started = time.monotonic()

        with pytest.raises(TimeoutError):
            guarded.makefile().read(1)

        assert time.monotonic() - started < 3


def test_a_broken_header_does_not_bring_the_url_into_the_log(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(answer(b"HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 4\r\n\r\nbody"))
    target = Target("http", "name.invalid", server.port, "/cat.jpg?X-Amz-Signature=5ec7e7")

    get(target, ["127.0.0.1"])

    assert "5ec7e7" not in caplog.text


def test_the_socket_is_closed_with_the_exchange(serve: Serve) -> None:
    server = serve(answer(ok(bytes(1_000_000))))
    target = Target("http", "name.invalid", server.port, "/")

    with transport.get(target, ["127.0.0.1"], {}, TLS, Deadline.after(2)) as response:
        pass

    with pytest.raises(ProtocolError):
        response.read()
