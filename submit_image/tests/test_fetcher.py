"""Downloads that go well, or fail in the ways of the everyday."""

import gzip
import socket
import ssl
import struct
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
from tests.test_urls import AS_GIVEN

LOOPBACK = {"pictures.example": ["127.0.0.1"]}


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: %b\r\n\r\n5\r\nabcde\r\n0\r\nX: y\r\n\r\n"


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
        b"HTTP/1.0 200\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\nContent-Length: 5\n\nabcde",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nContent-Length:5 \r\nX-A: \xff\x01\r\n folded\r\n\r\nabcde",
        CHUNKED % b"chunked ",
        CHUNKED % b"\tChunked\t",
        CHUNKED % b"CHUNKED",
        CHUNKED % b"chunked\r\nContent-Length: 3",
        CHUNKED % b"chunked, identity",
        CHUNKED % b"identity, chunked",
        CHUNKED % b"chunked, chunked",
        CHUNKED % b"chunked\r\nTransfer-Encoding: chunked",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nabcdefg",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\nContent-Length: 5\r\n\r\nabcdefg",
        b"HTTP/2 200\r\nContent-Length : +5\r\n\r\nabcdefg",
        b"http/1.1  200OK\r\nContent Type: x\r\n: y\r\nContent-Length: 5;\r\n\r\nabcdefg",
        b"HTTP/1.1 200 OK\r\r\nX: a\x0bb\rc\r\r\nContent-Length: 5\r\r\n\r\r\nabcdefg",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"Content-Length: 5\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: " + b"y" * 200_000 + b"\r\nContent-Length: 5\r\n\r\nabcde",
    ],
)
def test_a_body_may_be_framed_in_all_the_ways_of_http(serve: Serve, response: bytes) -> None:
    assert fetch_from(serve(answer(response))) == b"abcde"


INFORMATIONAL = (
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
    b"HTTP/1.1 199 So\r\nContent-Length: 3\r\n\r\n",
)


@pytest.mark.parametrize("before", [*INFORMATIONAL, b"".join(INFORMATIONAL)])
def test_informational_answers_are_passed_over(serve: Serve, before: bytes) -> None:
    assert fetch_from(serve(answer(before, ok(JPEG)))) == JPEG
    assert fetch_from(serve(answer(before + ok(JPEG)))) == JPEG


@pytest.mark.parametrize(
    "encoding",
    [
        b"gzip, chunked",
        b"chunked, gzip",
        b"chunked\r\nTransfer-Encoding: gzip",
        b"gzip",
        b"chunked;q=1",
        b'"chunked"',
        b"xchunked",
        b"",
        b"\r\nTransfer Encoding: chunked",
    ],
)
def test_the_framing_is_never_handed_out_as_the_file(serve: Serve, encoding: bytes) -> None:
    with pytest.raises(RemoteFailed, match="not valid HTTP"):
        fetch_from(serve(answer(CHUNKED % encoding)))


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcde",
    ],
)
def test_a_download_that_breaks_off_is_reported_as_incomplete(
    serve: Serve, response: bytes
) -> None:
    with pytest.raises(RemoteFailed, match="incomplete"):
        fetch_from(serve(answer(response)))


def test_a_connection_that_is_reset_within_the_body_is_reported_as_incomplete(serve: Serve) -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcde")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with pytest.raises(RemoteFailed, match="incomplete"):
        fetch_from(serve(script))


@pytest.mark.parametrize("path", AS_GIVEN)
def test_the_request_line_is_what_was_given(serve: Serve, path: str) -> None:
    requests = []

    def script(connection: socket.socket) -> None:
        requests.append(read_request(connection))
        connection.sendall(ok(JPEG))

    assert fetch_from(serve(script), path) == JPEG
    assert requests[0].split(b"\r\n")[0] == f"GET {path} HTTP/1.1".encode()


def test_the_request_says_what_is_wanted_and_who_asks(serve: Serve) -> None:
    requests = []
    server = serve(lambda connection: requests.append(read_request(connection)))

    with pytest.raises(RemoteFailed):
        fetch_from(server, "/cat.jpg?token=a%2Bb#part")

    lines = requests[0].decode().split("\r\n")
    assert lines[0] == "GET /cat.jpg?token=a%2Bb HTTP/1.1"
    assert sorted(lines[1:-2]) == [
        "Accept-Encoding: identity",
        "Accept: image/*,*/*;q=0.8",
        "Connection: close",
        f"Host: pictures.example:{server.port}",
        "User-Agent: Test/1.0",
    ]


STATUSES = [204, 300, 304, 305, 306, 400, 401, 403, 404, 406, 410, 429, 451, 500, 503, 999]


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_that_brings_no_picture_is_named(serve: Serve, status: int) -> None:
    server = serve(answer(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\n\r\n".encode()))

    with pytest.raises(ImageNotAvailable, match=str(status)):
        fetch_from(server)


@pytest.mark.parametrize("status", [200, 201, 202, 203, 205, 206, 226, 299])
def test_a_picture_may_come_with_any_status_of_success(serve: Serve, status: int) -> None:
    head = f"HTTP/1.1 {status} So\r\nContent-Length: {len(JPEG)}\r\n\r\n".encode()

    assert fetch_from(serve(answer(head, JPEG))) == JPEG


@pytest.mark.parametrize(
    ("content_range", "whole"),
    [
        ("bytes 0-4/5", True),
        ("Bytes 0-4/5 ", True),
        ("bytes 0-4/6", False),
        ("bytes 1-5/6", False),
        ("bytes 0-4/*", True),
        ("bytes=0-4/5", True),
        ("bytes 1-5/*", False),
        ("bytes */5", False),
        ("nonsense", False),
    ],
)
def test_a_part_of_a_file_is_no_file(serve: Serve, content_range: str, *, whole: bool) -> None:
    head = f"HTTP/1.1 206 Partial Content\r\nContent-Range: {content_range}\r\n"
    server = serve(answer(head.encode(), b"Content-Length: 5\r\n\r\nabcde"))

    if whole:
        assert fetch_from(server) == b"abcde"
        return
    with pytest.raises(RemoteFailed, match="part"):
        fetch_from(server)


CODINGS = ["", " ", "identity", "IDENTITY", "aws-chunked", "aws-chunked,", "base64", "utf-8"]
CODINGS += ["none", "binary", "image/jpeg", "gzip", "br"]


@pytest.mark.parametrize("coding", CODINGS)
def test_plain_bytes_are_plain_whatever_their_label_says(serve: Serve, coding: str) -> None:
    assert fetch_from(serve(answer(ok(JPEG, f"Content-Encoding: {coding}")))) == JPEG


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "zstd", "aws-chunked, GZIP"])
def test_a_compressed_body_is_reported_as_such(serve: Serve, coding: str) -> None:
    body = gzip.compress(JPEG)
    server = serve(answer(ok(body, f"Content-Encoding: {coding}")))

    with pytest.raises(RemoteFailed, match=r"encoded .(x-)?(gzip|deflate|br|zstd)"):
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


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        ("/kätzchen.jpg".encode(), b"/k%C3%A4tzchen.jpg"),
        ("/kätzchen.jpg".encode("latin-1"), b"/k%E4tzchen.jpg"),
        (b"/my cat.jpg ", b"/my%20cat.jpg"),
        (b"/a%2fb//c.jpg?sig=%2b%2F", b"/a%2fb//c.jpg?sig=%2b%2F"),
        (b"/real\r\nLocation: /real", b"/real"),
        (b"/real\r", b"/real"),
        (b"/real\r\nTransfer-Encoding: identity", b"/real"),
        (b"/real\r\nX Y: z", b"/real"),
    ],
)
@pytest.mark.parametrize("status", [300, 302])
def test_a_redirect_is_followed_as_it_was_given(
    serve: Serve, location: bytes, asked: bytes, status: int
) -> None:
    paths: list[bytes] = []
    server = serve(answer())

    def script(connection: socket.socket) -> None:
        paths.append(read_request(connection).split()[1])
        head = f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\nLocation: ".encode()
        connection.sendall(head + location + b"\r\n\r\n" if len(paths) == 1 else ok(JPEG))

    server.use(script)

    assert fetch_from(server) == JPEG
    assert paths[1] == asked


@pytest.mark.parametrize(
    ("location", "detail"),
    [
        (b"ftp://pictures.example/", "must begin with http"),
        (b"http://pictures.example:8080/", "port must be 80 or 443"),
        (b"http://user@pictures.example/", "user name"),
        (b"http:/pictures.example/", "two slashes"),
        (b"/a\tb", "control character"),
        (b"/a\r\nLocation: /b", "several places"),
    ],
)
def test_a_redirect_at_fault_is_the_remote_servers_fault(
    serve: Serve, location: bytes, detail: str
) -> None:
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
    server = serve(answer(head + location + b"\r\n\r\n"))

    with pytest.raises(RemoteFailed, match=f"remote server redirects.*{detail}"):
        fetch_from(server)


def test_circular_redirects_end(serve: Serve) -> None:
    server = serve(answer(redirect("/cat.jpg")))

    with pytest.raises(TooManyRedirects):
        fetch_from(server)

    assert server.requests == MAX_REDIRECTS + 1


@pytest.mark.parametrize("headers", [b"", b"Location:\r\n", b"Location: \t \r\n"])
def test_a_redirect_must_lead_somewhere(serve: Serve, headers: bytes) -> None:
    server = serve(answer(b"HTTP/1.1 302 Found\r\n" + headers + b"Content-Length: 0\r\n\r\n"))

    with pytest.raises(RemoteFailed, match=r"302\) without saying where"):
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


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", ok(JPEG)[: -len(JPEG)]])
def test_a_server_may_close_tls_without_saying_so(serve: Serve, head: bytes) -> None:
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("pictures.example").configure_cert(server_side)
    tls = ssl.create_default_context()
    authority.configure_trust(tls)

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(head + JPEG)
        # The kernel ends the connection, and nobody sends close_notify.
        with socket.socket(fileno=connection.detach()) as plain:
            plain.shutdown(socket.SHUT_RDWR)

    server = serve(script, tls=server_side)

    assert (
        fetch(
            f"https://pictures.example:{server.port}/",
            names=LOOPBACK,
            trusted=[("pictures.example", server.port)],
            tls=tls,
        )
        == JPEG
    )


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
