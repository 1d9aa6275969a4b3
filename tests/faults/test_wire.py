"""The wire passes on what it is given, and its faults are what matrix.md says they are."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from tests.faults.matrix import Occurrences, Row
from tests.faults.vocabulary import FAULTS
from tests.faults.wire import Exchange, MissedError, Request, Wire

ANSWER = b"0123"
TARGET = {"X-Amz-Target": "DynamoDB_20120810.PutItem"}


class Service:
    """A service that remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.takes = 0.0
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.requests.append((self.command, self.path, dict(self.headers), body))
                time.sleep(service.takes)
                self.send_response(200)
                self.send_header("x-amz-crc32", "1")
                self.end_headers()
                self.wfile.write(ANSWER)

            def log_message(self, *_: Any) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    thread = Thread(target=running.server.serve_forever, args=(0.01,))
    thread.start()
    yield running
    running.server.shutdown()
    running.server.server_close()
    thread.join()


@pytest.fixture
def wire(service: Service) -> Iterator[Wire]:
    made = Wire(service.url)
    yield made
    made.close()


def ask(wire: Wire, timeout: float = 30) -> tuple[int, bytes]:
    connection = HTTPConnection(urlsplit(wire.url).netloc, timeout=timeout)
    try:
        connection.request("POST", "/a%20b?c=d", b"body", TARGET | {"Authorization": "signed"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_what_is_not_broken_passes_as_it_was_signed(wire: Wire, service: Service) -> None:
    assert ask(wire) == (200, ANSWER)

    ((method, target, headers, body),) = service.requests
    assert (method, target, body) == ("POST", "/a%20b?c=d", b"body")
    assert headers["Host"] == urlsplit(wire.url).netloc
    assert headers["Authorization"] == "signed"


@pytest.mark.parametrize(
    ("fault", "error", "heard"),
    [
        ("reset", ConnectionResetError, 0),
        ("lost", ConnectionResetError, 1),
        ("swallowed", TimeoutError, 0),
        ("muted", TimeoutError, 1),
        ("truncated", HTTPException, 1),
        ("garbled", HTTPException, 0),
    ],
)
def test_a_fault_comes_before_or_after_the_service_has_heard(
    wire: Wire, service: Service, fault: str, error: type[Exception], heard: int
) -> None:
    # Who is never answered waits for a moment; who is answered in some way may be slow to hear it.
    timeout = 0.5 if error is TimeoutError else 30
    with wire.broken(lambda _: FAULTS[fault]), pytest.raises(error):
        ask(wire, timeout=timeout)

    assert len(service.requests) == heard
    assert ask(wire) == (200, ANSWER)


def test_an_answer_arrives_late_or_with_another_bit(wire: Wire) -> None:
    with wire.broken(lambda _: FAULTS["slow"]):
        assert ask(wire) == (200, ANSWER)
    with wire.broken(lambda _: FAULTS["corrupted"]):
        status, body = ask(wire)

    assert status == 200
    assert [a ^ b for a, b in zip(body, ANSWER, strict=True) if a != b] == [1]


def test_a_dripping_answer_arrives_whole(wire: Wire) -> None:
    with wire.broken(lambda _: FAULTS["dripping"]):
        assert ask(wire) == (200, ANSWER)


@pytest.mark.parametrize(("fault", "heard"), [("killed before", 0), ("killed after", 1)])
def test_it_is_the_process_that_asked_which_is_killed(
    wire: Wire, service: Service, fault: str, heard: int
) -> None:
    program = (
        "import sys, urllib.request as r;"
        f"r.urlopen(r.Request(sys.argv[1], b'', {TARGET!r})); print('survived')"
    )

    with wire.broken(lambda _: FAULTS[fault]):
        done = subprocess.run(
            [sys.executable, "-c", program, wire.url], capture_output=True, text=True, check=False
        )

    assert (done.returncode, done.stdout) == (-9, "")
    assert len(service.requests) == heard


def test_it_is_found_although_closed_connections_had_its_port(wire: Wire, service: Service) -> None:
    # given closed connections from one port to others, which the kernel lists for a minute
    port = 0
    for _ in range(20):
        with socket.create_server(("127.0.0.1", 0)) as other, socket.socket() as before:
            before.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            before.bind(("127.0.0.1", port))
            port = before.getsockname()[1]
            before.connect(other.getsockname())
            accepted, _ = other.accept()
            before.close()
            accepted.close()
    program = (
        "import socket, sys; s = socket.socket();"
        "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1);"
        "s.bind(('127.0.0.1', int(sys.argv[1]))); s.connect(('127.0.0.1', int(sys.argv[2])));"
        "s.sendall(b'POST / HTTP/1.1\\r\\nContent-Length: 0\\r\\n\\r\\n'); s.recv(1)"
    )

    # when a process asks from that port
    with wire.broken(lambda _: FAULTS["killed before"]):
        done = subprocess.run(
            [sys.executable, "-c", program, str(port), str(urlsplit(wire.url).port)], check=False
        )

    # then it is the one that is killed
    assert done.returncode == -9
    assert not service.requests


def test_a_request_that_was_given_up_is_not_one_that_was_hit() -> None:
    row = Row("submit", "PutItem", "killed before", "first", "no answer")

    def late(exchange: Exchange) -> None:  # noqa: ARG001 - a fault's parameter
        raise MissedError

    plan = Occurrences(row, late)
    request = Request("POST", "/", tuple(TARGET.items()), b"")
    for _ in range(2):
        fault = plan(request)
        assert fault
        fault(cast("Exchange", None))

    assert plan.injected == 0


def test_a_process_that_is_to_be_killed_does_not_give_up_before(
    wire: Wire, service: Service
) -> None:
    # given a service that takes longer than the process waits before it asks again
    service.takes = 8
    program = (
        "import sys, urllib.request as r\n"
        f"q = r.Request(sys.argv[1], b'', {TARGET!r})\n"
        "try: r.urlopen(q, timeout=6)\n"
        "except OSError: r.urlopen(q)\n"
    )

    # when the first request kills it after the service has done what was asked
    with wire.broken(lambda _: None if len(service.requests) else FAULTS["killed after"]):
        done = subprocess.run([sys.executable, "-c", program, wire.url], check=False)

    # then there was no second one
    assert done.returncode == -9
    assert len(service.requests) == 1


@pytest.mark.parametrize("fault", ["throttled", "denied", "not there"])
def test_a_refusal_is_the_services_own(wire: Wire, service: Service, fault: str) -> None:
    with wire.broken(lambda _: FAULTS[fault]):
        status, body = ask(wire)

    assert status == 400
    assert b"Exception" in body
    assert not service.requests
