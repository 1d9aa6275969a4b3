"""Downloads from servers and names that mean harm."""

import contextlib
import gzip
import os
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence

import pytest

from lambda_common.problems import Problem
from submit_image.problems import (
    ImageTooLarge,
    RemoteFailed,
    RemoteTimeout,
    UrlNotAllowed,
)
from tests.conftest import Serve
from tests.support.fetching import fetch
from tests.support.servers import Script, Server, answer, ok, read_request, redirect

# Until what does not end is cut off. What ends has far longer, on a busy machine.
SECONDS = 0.4
PUBLIC = "93.184.216.34"


def attack(server: Server, max_bytes: int = 100_000, seconds: float = 30) -> bytes:
    url = f"http://127.0.0.1:{server.port}/cat.jpg"
    trusted = [("127.0.0.1", server.port)]
    return fetch(url, trusted=trusted, max_bytes=max_bytes, seconds=seconds)


def reset(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"\x00" * 100,
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        OK + b"Content-Length: 1000\r\n\r\ntoo short",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        OK + b"X: " + b"y" * 400_000 + b"\r\n\r\n",
        OK + b"".join(b"X-%d: y\r\n" % number for number in range(50_000)) + b"\r\n",
        OK + b"no header\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        OK + b"Content-Length: 3, 4\r\n\r\nabc",
        OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /x\r HTTP/1.1\rHost: y\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000 + OK + b"\r\n",
        CHUNKED + b"zzz\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"5\r\nab",
        OK + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc",
        OK + b"Content-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_an_answer_that_makes_no_sense_is_a_fault_of_the_remote(
    serve: Serve, response: bytes
) -> None:
    with pytest.raises(RemoteFailed):
        attack(serve(answer(response)))


def test_a_connection_that_is_reset_is_a_fault_of_the_remote(serve: Serve) -> None:
    with pytest.raises(RemoteFailed):
        attack(serve(reset))


def test_random_bytes_never_escape_as_another_exception(serve: Serve) -> None:
    source = random.Random(20261123)  # noqa: S311 - the seed makes the test repeatable
    valid = OK + b"Content-Length: 5\r\nLocation: /x\r\nTransfer-Encoding: chunked\r\n\r\nabcde"
    for _ in range(100):
        mutated = bytearray(valid)
        for _ in range(source.randint(1, 8)):
            mutated[source.randrange(len(mutated))] = source.randrange(256)
        with contextlib.suppress(Problem):
            attack(serve(answer(bytes(mutated))))


def cut_short(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(OK + b"Content-Length: 10000\r\n\r\nabc")
    connection.recv(1)


STALLS: dict[str, Callable[[Server], Script]] = {
    "says nothing": lambda _: hang,
    "drips the status line": lambda server: server.drip(b"HTTP/1.1 200 ", b"H"),
    "drips headers": lambda server: server.drip(OK, b"X: y\r\n"),
    "drips one header": lambda server: server.drip(OK + b"X: ", b"y"),
    "drips the body": lambda server: server.drip(OK + b"Content-Length: 10000\r\n\r\n", b"z"),
    "drips a body without an end": lambda server: server.drip(OK + b"\r\n", b"z"),
    "drips chunks": lambda server: server.drip(CHUNKED, b"1\r\nz\r\n"),
    "drips a chunk's extension": lambda server: server.drip(CHUNKED + b"1;", b"z"),
    "drips trailers": lambda server: server.drip(CHUNKED + b"1\r\nz\r\n0\r\n", b"X: y\r\n"),
    "continues for ever": lambda server: server.drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "does not finish the body": lambda _: cut_short,
}


@pytest.mark.parametrize("how", STALLS)
def test_a_server_that_stalls_is_cut_off_at_the_deadline(serve: Serve, how: str) -> None:
    server = serve(hang)
    server.use(STALLS[how](server))
    started = time.monotonic()

    with pytest.raises(RemoteTimeout):
        attack(server, seconds=SECONDS)

    took = time.monotonic() - started
    assert took >= SECONDS
    assert took < 15  # deadline: the server stalls for 30 s or for ever


def test_redirects_share_the_one_deadline(serve: Serve) -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        time.sleep(SECONDS / 3)
        connection.sendall(redirect("/again"))

    # With a deadline of its own for each it would fail because there are too many.
    with pytest.raises(RemoteTimeout):
        attack(serve(script), seconds=SECONDS)


def test_a_tls_handshake_that_hangs_is_cut_off_at_the_deadline(serve: Serve) -> None:
    server = serve(lambda connection: [None for _ in iter(lambda: connection.recv(9999), b"")])
    started = time.monotonic()

    with pytest.raises(RemoteTimeout):
        fetch(
            f"https://127.0.0.1:{server.port}/",
            trusted=[("127.0.0.1", server.port)],
            seconds=SECONDS,
        )

    assert time.monotonic() - started < 15  # deadline: the server waits for 30 s


def test_a_name_server_that_hangs_is_cut_off_at_the_deadline() -> None:
    over = threading.Event()

    def lookup(_host: str, _port: int) -> Sequence[str]:
        over.wait(60)
        return [PUBLIC]

    with pytest.raises(RemoteTimeout):
        fetch("http://slow.example/", lookup=lookup, seconds=SECONDS)
    over.set()


MB = 1_000_000


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        (OK + b"Content-Length: 20000000\r\n\r\n", b""),
        (OK + b"Content-Length: 99999999999999999999\r\n\r\n", b""),
        (OK + b"\r\n", b""),
        (CHUNKED + b"1312D00\r\n", b"\r\n0\r\n\r\n"),
    ],
)
def test_20_mb_are_too_many_however_they_are_announced(
    serve: Serve, head: bytes, tail: bytes
) -> None:
    server = serve(answer(head, *[bytes(MB)] * 20, tail))

    with pytest.raises(ImageTooLarge):
        attack(server, max_bytes=10 * MB)


def test_bytes_beyond_the_announced_length_are_not_read(serve: Serve) -> None:
    server = serve(answer(OK + b"Content-Length: 3\r\n\r\nabc" + bytes(MB)))

    assert attack(server) == b"abc"


def test_a_compression_bomb_is_not_even_opened(serve: Serve) -> None:
    bomb = gzip.compress(bytes(100 * MB))
    server = serve(answer(ok(bomb, "Content-Encoding: gzip")))

    with pytest.raises(RemoteFailed, match="encoded"):
        attack(server)


@pytest.mark.parametrize(
    ("location", "refusal"),
    [
        ("http://127.0.0.1/", UrlNotAllowed),
        ("http://localhost/", UrlNotAllowed),
        ("https://[::1]/", UrlNotAllowed),
        ("http://169.254.169.254/latest/meta-data/", UrlNotAllowed),
        ("http://[::ffff:169.254.169.254]/", UrlNotAllowed),
        ("http://inside.example/", UrlNotAllowed),
        ("http://2130706433/", RemoteFailed),
        ("http://127.0.0.1:9001/2018-06-01/runtime/invocation/next", RemoteFailed),
        ("ftp://ftp.example/cat.jpg", RemoteFailed),
        ("file:///etc/passwd", RemoteFailed),
        ("http://user@outside.example/", RemoteFailed),
        ("http://[::1", RemoteFailed),
        ("javascript:alert(1)", RemoteFailed),
        ("http://" + "a" * 5000 + "/", RemoteFailed),
    ],
)
def test_a_redirect_is_checked_like_the_url_itself(
    serve: Serve, connections: list[str], location: str, refusal: type[Problem]
) -> None:
    server = serve(answer(redirect(location)))

    with pytest.raises(refusal, match="redirects"):
        fetch(
            f"http://127.0.0.1:{server.port}/",
            names={"inside.example": ["10.0.0.1"]},
            trusted=[("127.0.0.1", server.port)],
        )

    assert connections == [str(("127.0.0.1", server.port))]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["169.254.169.254"],
        ["fd00:ec2::254"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        [PUBLIC, "10.0.0.1"],
        ["10.0.0.1", PUBLIC],
        ["2606:4700::1111", "::1"],
        ["nonsense"],
    ],
)
def test_a_name_is_refused_if_any_of_its_addresses_is(
    addresses: list[str], connections: list[str]
) -> None:
    with pytest.raises(UrlNotAllowed) as refused:
        fetch("http://inside.example/", names={"inside.example": addresses})

    assert connections == []
    assert not any(address in refused.value.detail for address in addresses)


def test_a_name_is_looked_up_once_for_each_request(connections: list[str]) -> None:
    answers = iter([["198.51.100.1"], [PUBLIC], ["127.0.0.1"]])
    asked = []

    def lookup(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    with pytest.raises(UrlNotAllowed):
        fetch("http://rebinding.example/", lookup=lookup)

    assert asked == ["rebinding.example."]
    assert connections == []


def test_a_name_that_changes_its_address_between_requests_is_checked_again(
    serve: Serve, connections: list[str]
) -> None:
    server = serve(answer(redirect("http://rebinding.example/")))
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])

    with pytest.raises(UrlNotAllowed):
        fetch(
            f"http://rebinding.example:{server.port}/",
            lookup=lambda _host, _port: next(answers),
            trusted=[("rebinding.example", server.port)],
        )

    assert connections == [str(("127.0.0.1", server.port))]


def test_neither_threads_nor_sockets_are_left_behind(serve: Serve) -> None:
    server = serve(hang)
    scripts = [
        *(stall(server) for stall in STALLS.values()),
        reset,
        answer(b""),
        answer(redirect("/")),
    ]
    threads, files = threading.active_count(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    for script in scripts:
        server.use(script)
        with pytest.raises(Problem):
            attack(server, seconds=0.1)

    server.use(answer(ok(b"x")))
    attack(server)
    assert threading.active_count() <= threads
    assert len(os.listdir("/proc/self/fd")) <= files + 1  # noqa: PTH208 - the server's own
