"""What the hosts of the test's own answer: one script for each path, good or hostile."""

import contextlib
import gzip
import itertools
import socket
import struct
import time
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.pictures import JPEG
from tests.support.servers import ok

type Script = Callable[[socket.socket], None]

MB = 1_000_000
PAUSE = 0.05
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
FOUND = b"HTTP/1.1 302 Found\r\n"


def send(*parts: bytes) -> Script:
    def script(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return script


def drip(first: bytes, drop: bytes) -> Script:
    """Send a drop every now and then, for longer than anyone should listen."""

    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        for _ in range(200):
            time.sleep(PAUSE)
            connection.sendall(drop)

    return script


def flood(first: bytes, drops: Iterable[bytes] | bytes) -> Script:
    """Send without a pause and without an end."""

    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        for drop in itertools.repeat(drops) if isinstance(drops, bytes) else drops:
            connection.sendall(drop)

    return script


def hold(first: bytes) -> Script:
    """Send the first bytes, and keep the connection open."""

    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        while connection.recv(4096):
            pass

    return script


def reset(connection: socket.socket) -> None:
    connection.sendall(OK + b"Content-Length: 1000\r\n\r\nabc")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


FAILED, TIMEOUT, LARGE = "remote-failed", "remote-timeout", "image-too-large"
BOMB = gzip.compress(bytes(50 * MB))

# How the server behaves, and the right answers to that.
HOSTILE: dict[str, tuple[Script, set[str]]] = {
    "closes at once": (send(b""), {FAILED}),
    "resets": (reset, {FAILED}),
    "says nothing": (hold(b""), {TIMEOUT}),
    "speaks another protocol": (send(b"SSH-2.0-OpenSSH_9.9\r\n"), {FAILED}),
    "HTTP/0.9": (send(b"<html>picture</html>"), {FAILED}),
    "HTTP/2": (send(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)), {FAILED}),
    "HTTP/3.7": (send(b"HTTP/3.7 200 OK\r\nContent-Length: 3\r\n\r\nabc"), {FAILED, "fetched"}),
    "zeros for ever": (flood(b"", bytes(MB)), {FAILED}),
    "an endless status line": (flood(b"HTTP/1.1 200 ", b"O" * MB), {FAILED}),
    "no status": (send(b"HTTP/1.1 abc\r\n\r\n"), {FAILED}),
    "drips the status line": (drip(b"HTTP/1.1 200 ", b"O"), {TIMEOUT}),
    "drips headers": (drip(OK, b"X: y\r\n"), {TIMEOUT}),
    "drips one header": (drip(OK + b"X: ", b"y"), {TIMEOUT}),
    "drips the body": (drip(OK + b"Content-Length: 10000\r\n\r\n", b"z"), {TIMEOUT}),
    "drips a body without an end": (drip(OK + b"\r\n", b"z"), {TIMEOUT}),
    "drips chunks": (drip(CHUNKED, b"1\r\nz\r\n"), {TIMEOUT}),
    "drips a chunk's size": (drip(CHUNKED, b"0"), {TIMEOUT}),
    "drips a chunk's extension": (drip(CHUNKED + b"1;", b"z"), {TIMEOUT}),
    "drips trailers": (drip(CHUNKED + b"1\r\nz\r\n0\r\n", b"X: y\r\n"), {TIMEOUT}),
    "drips 100 Continue": (drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), {TIMEOUT}),
    "drips a redirect's body": (
        drip(FOUND + b"Location: /hostile/drips%20the%20body\r\n\r\n", b"z"),
        {TIMEOUT},
    ),
    "floods 100 Continue": (
        flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        {TIMEOUT, FAILED},
    ),
    "floods 103 Early Hints": (
        flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 1000),
        {TIMEOUT, FAILED, "image-not-available"},
    ),
    "endless headers": (flood(OK, b"X: y\r\n" * 1000), {FAILED}),
    "an endless header": (flood(OK + b"X: ", b"y" * MB), {FAILED}),
    "5000 headers": (
        send(OK, b"".join(b"X-%d: y\r\n" % n for n in range(5000)), b"\r\n"),
        {"fetched"},
    ),
    "50,000 headers": (
        send(OK, b"".join(b"X-%d: y\r\n" % n for n in range(50_000)), b"\r\n"),
        {FAILED},
    ),
    "100 headers of 60 kB": (send(OK, (b"X: " + b"y" * 60_000 + b"\r\n") * 101, b"\r\n"), {FAILED}),
    "an endless folded header": (flood(OK + b"X: y\r\n", b" y\r\n" * 1000), {FAILED}),
    "a header that is none": (send(OK + b"\x00\xff nonsense\r\n\r\nabc"), {FAILED, "fetched"}),
    "an endless body": (flood(OK + b"\r\n", bytes(MB)), {LARGE}),
    "an endless body, announced": (
        flood(OK + b"Content-Length: 1\r\n\r\n", bytes(MB)),
        {"fetched"},
    ),
    "endless chunks": (flood(CHUNKED, b"F4240\r\n" + bytes(MB) + b"\r\n"), {LARGE}),
    "endless chunks of a byte": (flood(CHUNKED, b"1\r\nz\r\n" * 1000), {LARGE, TIMEOUT}),
    "an endless chunk": (flood(CHUNKED + b"F" * 60_000 + b"\r\n", bytes(MB)), {LARGE, FAILED}),
    "an endless chunk size": (flood(CHUNKED, b"F" * MB), {FAILED}),
    "an endless chunk extension": (flood(CHUNKED + b"1;", b"z" * MB), {FAILED}),
    "extensions that outweigh chunks": (
        flood(CHUNKED, (b"1;" + b"x" * 60_000 + b"\r\nz\r\n") * 16),
        {LARGE, TIMEOUT, FAILED},
    ),
    "endless trailers": (
        flood(CHUNKED + b"1\r\nz\r\n0\r\n", b"X: y\r\n" * 1000),
        {TIMEOUT, FAILED},
    ),
    "a chunk of nonsense": (send(CHUNKED + b"zzz\r\nabc\r\n0\r\n\r\n"), {FAILED}),
    "a chunk of less than nothing": (send(CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n"), {FAILED}),
    "a chunk without its end": (send(CHUNKED + b"5\r\nab"), {FAILED}),
    "a length below zero": (
        flood(OK + b"Content-Length: -1\r\n\r\n", bytes(MB)),
        {LARGE, FAILED},
    ),
    "a length beyond all": (send(OK + b"Content-Length: " + b"9" * 60_000 + b"\r\n\r\n"), {FAILED}),
    "a length of 20 digits": (send(OK + b"Content-Length: " + b"9" * 20 + b"\r\n\r\n"), {LARGE}),
    "a length in words": (
        flood(OK + b"Content-Length: many\r\n\r\n", bytes(MB)),
        {LARGE, FAILED},
    ),
    "two lengths": (send(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde"), {FAILED}),
    "a length and chunks": (
        flood(OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", b"3\r\nabc\r\n"),
        {LARGE, TIMEOUT, FAILED},
    ),
    "a length that is too great": (send(OK + b"Content-Length: 1000\r\n\r\nshort"), {FAILED}),
    "a length that is kept waiting": (hold(OK + b"Content-Length: 1000\r\n\r\nshort"), {TIMEOUT}),
    "a gzip bomb": (send(ok(BOMB, "Content-Encoding: gzip")), {FAILED}),
    "a gzip bomb, twice": (send(ok(gzip.compress(BOMB), "Content-Encoding: gzip, gzip")), {FAILED}),
    "a bomb of another kind": (send(ok(BOMB, "Content-Encoding: zstd")), {FAILED}),
    "a bomb in the transfer": (send(ok(BOMB, "Transfer-Encoding: gzip")), {FAILED}),
    "chunks under another name": (
        send(OK + b"Transfer-Encoding: x-chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        {FAILED},
    ),
    "a header that hides the chunks": (
        send(OK + b"no header\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        {FAILED},
    ),
    "chunks after a space": (
        send(OK + b"Transfer-Encoding: chunked \r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        {"fetched"},
    ),
    "a bomb by another name": (send(ok(BOMB, "Content-Type: application/gzip")), {"fetched"}),
    "a redirect to itself": (send(FOUND + b"Location: ?\r\n\r\n"), {"too-many-redirects"}),
    "a redirect to nowhere": (send(FOUND + b"\r\n"), {FAILED}),
    "a redirect to an empty place": (send(FOUND + b"Location:\r\n\r\n"), {FAILED}),
    "a redirect of 60 kB": (
        send(FOUND + b"Location: /" + b"a" * 60_000 + b"\r\n\r\n"),
        {FAILED},
    ),
    "a redirect with an endless body": (
        flood(FOUND + b"Location: http://127.0.0.1/\r\n\r\n", bytes(MB)),
        {"url-not-allowed"},
    ),
    "two redirects at once": (
        send(FOUND + b"Location: /cat.jpg\r\nLocation: http://127.0.0.1/\r\n\r\n"),
        {FAILED},
    ),
    "a redirect that splits the request": (
        send(FOUND + b"Location: /cat.jpg\r HTTP/1.1\rHost: 127.0.0.1\r\n\r\n"),
        {FAILED},
    ),
}

GOOD: dict[str, Script] = {
    "/cat.jpg": send(ok(JPEG)),
    "/chunked.jpg": send(CHUNKED, b"%x\r\n" % len(JPEG), JPEG, b"\r\n0\r\n\r\n"),
    "/until-close.jpg": send(OK, b"\r\n", JPEG),
    "/stays-open.jpg": hold(ok(JPEG)),
    "/largest": send(ok(bytes(10 * 2**20))),
    "/too-large": send(ok(bytes(10 * 2**20 + 1))),
}


def respond(connection: socket.socket, request: bytes) -> None:
    """Answer a request by its path."""
    target = request.split(b" ")[1].decode() if request.count(b" ") > 1 else ""
    parts = urlsplit(target)
    query = parse_qs(parts.query)
    path = unquote(parts.path)
    with contextlib.suppress(OSError):
        if path.startswith("/redirect/"):
            _redirect(connection, path.removeprefix("/redirect/"), query["to"][0])
        elif path.startswith("/raw/"):
            connection.sendall(bytes.fromhex(path.removeprefix("/raw/")))
        elif path.startswith("/hostile/"):
            HOSTILE[path.removeprefix("/hostile/")][0](connection)
        else:
            GOOD.get(path, send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))(connection)


def _redirect(connection: socket.socket, kind: str, location: str) -> None:
    """Redirect by a status and Location, or by another header that clients have followed."""
    status, _, header = kind.partition(" ")
    value = f"0; url={location}" if header == "Refresh" else location
    head = (
        f"HTTP/1.1 {status} Moved\r\n{header or 'Location'}: {value}\r\nContent-Length: 0\r\n\r\n"
    )
    connection.sendall(head.encode("utf-8", "surrogatepass"))
