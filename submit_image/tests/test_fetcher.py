"""Downloads that go well, or fail in the ways of the everyday."""

import ssl
from collections.abc import Sequence

import pytest
import trustme

from submit_image.fetcher import MAX_REDIRECTS
from submit_image.problems import (
    ImageNotAvailable,
    ImageTooLarge,
    InvalidUrl,
    RemoteFailed,
    TooManyRedirects,
)
from tests.conftest import Serve
from tests.support.fetching import fetch
from tests.support.pictures import JPEG
from tests.support.servers import Server, answer, ok, read_request, redirect

LOOPBACK = {"pictures.example": ["127.0.0.1"]}


def fetch_from(server: Server, path: str = "/cat.jpg", **options: int) -> bytes:
    return fetch(
        f"http://pictures.example:{server.port}{path}",
        names=LOOPBACK,
        trusted=[("pictures.example", server.port)],
        max_bytes=options.get("max_bytes", 100_000),
    )


def test_a_file_is_downloaded(serve: Serve) -> None:
    assert fetch_from(serve(answer(ok(JPEG)))) == JPEG


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nabcde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nabcde",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde and more",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: Identity\r\nContent-Length: 5\r\n\r\nabcde",
    ],
)
def test_a_body_may_be_framed_in_all_the_ways_of_http(serve: Serve, response: bytes) -> None:
    assert fetch_from(serve(answer(response))) == b"abcde"


def test_the_request_says_what_is_wanted_and_who_asks(serve: Serve) -> None:
    requests = []
    server = serve(lambda connection: requests.append(read_request(connection)))

    with pytest.raises(RemoteFailed):
        fetch_from(server, "/cat.jpg?token=a%2Bb#part")

    lines = requests[0].decode().split("\r\n")
    assert lines[0] == "GET /cat.jpg?token=a%2Bb HTTP/1.1"
    assert sorted(lines[1:-2]) == [
        "Accept-Encoding: identity",
        "Accept: image/*",
        "Connection: close",
        f"Host: pictures.example:{server.port}",
        "User-Agent: Test/1.0",
    ]


@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_any_other_status_than_200_means_that_there_is_no_picture(
    serve: Serve, status: int
) -> None:
    server = serve(answer(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\n\r\n".encode()))

    with pytest.raises(ImageNotAvailable, match=str(status)):
        fetch_from(server)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/real", "real", "//pictures.example:{port}/real"])
def test_redirects_are_followed(serve: Serve, status: int, location: str) -> None:
    paths: list[str] = []
    server = serve(answer())

    def script(connection: object) -> None:
        paths.append(read_request(connection).split()[1].decode())  # type: ignore[arg-type]
        moved = redirect(location.format(port=server.port), status)
        connection.sendall(moved if len(paths) == 1 else ok(JPEG))  # type: ignore[attr-defined]

    server.use(script)

    assert fetch_from(server) == JPEG
    assert paths == ["/cat.jpg", "/real"]


def test_a_redirect_may_name_its_target_in_utf_8(serve: Serve) -> None:
    paths: list[bytes] = []
    server = serve(answer())

    def script(connection: object) -> None:
        paths.append(read_request(connection).split()[1])  # type: ignore[arg-type]
        connection.sendall(redirect("/kätzchen.jpg") if len(paths) == 1 else ok(JPEG))  # type: ignore[attr-defined]

    server.use(script)

    assert fetch_from(server) == JPEG
    assert paths[1] == b"/k%C3%A4tzchen.jpg"


def test_redirects_in_a_circle_come_to_an_end(serve: Serve) -> None:
    server = serve(answer(redirect("/cat.jpg")))

    with pytest.raises(TooManyRedirects):
        fetch_from(server)

    assert server.requests == MAX_REDIRECTS + 1


@pytest.mark.parametrize("headers", [b"", b"Location:\r\n"])
def test_a_redirect_must_lead_somewhere(serve: Serve, headers: bytes) -> None:
    server = serve(answer(b"HTTP/1.1 302 Found\r\n" + headers + b"Content-Length: 0\r\n\r\n"))

    with pytest.raises(RemoteFailed):
        fetch_from(server)


def test_a_file_may_have_the_maximal_size_and_no_more(serve: Serve) -> None:
    server = serve(answer(ok(bytes(1000))))

    assert len(fetch_from(server, max_bytes=1000)) == 1000
    with pytest.raises(ImageTooLarge, match="999"):
        fetch_from(server, max_bytes=999)


@pytest.mark.parametrize("port", [21, 22, 25, 8080, 0])
def test_other_ports_than_80_and_443_are_refused(port: int, connections: list[str]) -> None:
    with pytest.raises(InvalidUrl, match="port"):
        fetch(f"http://pictures.example:{port}/", names={"pictures.example": ["93.184.216.34"]})

    assert connections == []


@pytest.mark.parametrize(
    ("names", "trusted"),
    [
        (LOOPBACK, [("pictures.example", 1)]),
        (LOOPBACK, [("127.0.0.1", 0)]),
        (LOOPBACK, []),
    ],
)
def test_trust_covers_the_named_host_and_port_and_nothing_else(
    serve: Serve, names: dict[str, Sequence[str]], trusted: list[tuple[str, int]]
) -> None:
    server = serve(answer(ok(JPEG)))

    with pytest.raises(InvalidUrl):
        fetch(f"http://pictures.example:{server.port}/", names=names, trusted=trusted)

    assert server.requests == 0


def test_a_picture_is_downloaded_over_tls(serve: Serve) -> None:
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("pictures.example").configure_cert(server_side)
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    server = serve(answer(ok(JPEG)), tls=server_side)

    content = fetch(
        f"https://pictures.example:{server.port}/",
        names=LOOPBACK,
        trusted=[("pictures.example", server.port)],
        tls=tls,
    )

    assert content == JPEG


def test_a_certificate_must_be_vouched_for(serve: Serve) -> None:
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("pictures.example").configure_cert(server_side)
    server = serve(answer(ok(JPEG)), tls=server_side)

    with pytest.raises(RemoteFailed, match="certificate"):
        fetch(
            f"https://pictures.example:{server.port}/",
            names=LOOPBACK,
            trusted=[("pictures.example", server.port)],
        )


def test_a_server_that_does_not_speak_tls_is_a_fault_of_the_remote(serve: Serve) -> None:
    server = serve(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))

    with pytest.raises(RemoteFailed):
        fetch(
            f"https://pictures.example:{server.port}/",
            names=LOOPBACK,
            trusted=[("pictures.example", server.port)],
        )
