"""A wire between a function and a service, over loopback, that can be broken on purpose."""

import http.client
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

import psutil

HELD = 200.0
# What concerns a connection, not a message: the wire has connections of its own. The body has come
# whole, so nobody needs to be asked to go on.
OF_THE_CONNECTION = frozenset({"connection", "expect", "keep-alive", "transfer-encoding"})


@dataclass(frozen=True)
class Request:
    """A request as the function sent it.

    Attributes:
        method: HTTP's method.
        target: Path and query.
        headers: Names and values in their order.
        body: The bytes after the header.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def service(self) -> str:
        """The service's name in boto3."""
        if self._operation_header:
            return "dynamodb"
        return "sagemaker-runtime" if self.target.startswith("/endpoints/") else "s3"

    @property
    def operation(self) -> str:
        """The operation's name in AWS's API."""
        if self._operation_header:
            return self._operation_header.rpartition(".")[2]
        if self.service == "sagemaker-runtime":
            return "InvokeEndpoint"
        return {
            "DELETE": "DeleteObject",
            "GET": "GetObject",
            "HEAD": "HeadObject",
            "PUT": "PutObject",
        }[self.method]

    @property
    def _operation_header(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "x-amz-target"), "")


@dataclass(frozen=True)
class Reply:
    """An answer, whole."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def head(self) -> bytes:
        """Status line and headers, as they are sent."""
        kept = [
            (name, value)
            for name, value in self.headers
            if name.lower() not in OF_THE_CONNECTION | {"content-length"}
        ]
        lines = [f"{name}: {value}" for name, value in [*kept, ("Content-Length", len(self.body))]]
        return "\r\n".join([f"HTTP/1.1 {self.status} X", *lines, "", ""]).encode("latin-1")


class MissedError(Exception):
    """A fault came too late: whom it was meant for had given the request up."""


class Exchange:
    """One request on its way, and the function that waits for the answer.

    Args:
        request: The request.
        upstream: Host and port of the service.
        handler: Holds the function's connection.
        closing: Set when the wire is closed.
    """

    def __init__(
        self,
        request: Request,
        upstream: tuple[str, int],
        handler: BaseHTTPRequestHandler,
        closing: threading.Event,
    ) -> None:
        self.request = request
        self._upstream = upstream
        self._handler = handler
        self._closing = closing
        self._sender: psutil.Process | None = None

    def forward(self) -> Reply:
        """Have the service carry the request out, and return its answer."""
        connection = http.client.HTTPConnection(*self._upstream, timeout=HELD)
        try:
            connection.putrequest(
                self.request.method, self.request.target, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self.request.headers:
                if name.lower() not in OF_THE_CONNECTION:
                    connection.putheader(name, value)
            connection.endheaders(self.request.body)
            answer = connection.getresponse()
            return Reply(answer.status, tuple(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def answer(self, reply: Reply) -> None:
        """Send a whole answer."""
        self.send(reply.head if self.request.method == "HEAD" else reply.head + reply.body)

    def send(self, data: bytes) -> None:
        """Send bytes, whatever they are."""
        self._handler.wfile.write(data)

    def end(self) -> None:
        """Close the connection when this exchange is over, whatever was promised."""
        self._handler.close_connection = True

    def reset(self) -> None:
        """Break the connection off (TCP's RST)."""
        self._handler.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.end()

    def hold(self, seconds: float = HELD) -> bool:
        """Do nothing for a time, and return whether the function still waits then."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self._closing.is_set():
            readable, _, _ = select.select([self._handler.connection], [], [], 0.05)
            if readable:
                return False
        return not self._closing.is_set()

    def suspend(self) -> None:
        """Stop the process that sent the request, before it gives up and sends another.

        Raises:
            MissedError: If it has given up already.
        """
        self._sender = self._sent_by()
        self._sender.suspend()

    def kill(self) -> None:
        """Kill the process that sent the request.

        Raises:
            MissedError: If it has given up already, and was not suspended before.
        """
        self.end()
        (self._sender or self._sent_by()).kill()

    def _sent_by(self) -> psutil.Process:
        # Both ends: connections to several places may have one local port, one that was closed a
        # minute ago among them, which is nobody's.
        ends = (self._handler.client_address, self._handler.connection.getsockname())
        for pid, *found in _connections():
            if pid and tuple(found) == ends:
                return psutil.Process(pid)
        raise MissedError


def _connections() -> Iterator[tuple[int | None, tuple[object, ...], tuple[object, ...]]]:
    """Yield the process, the local and the remote address of each TCP connection."""
    if sys.platform == "darwin":
        # Asking for all connections at once needs root there.
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                for each in process.net_connections("tcp4"):
                    yield process.pid, tuple(each.laddr), tuple(each.raddr)
    else:
        # Asking each process would read the table of all connections as many times, which may take
        # longer than the function waits.
        for each in psutil.net_connections("tcp4"):
            yield each.pid, tuple(each.laddr), tuple(each.raddr)


class Fault(Protocol):
    """Something that goes wrong with one exchange, in place of an answer."""

    def __call__(self, exchange: Exchange) -> None:
        """Do it."""


# Asked for each request; None lets the request pass.
type Plan = Callable[[Request], Fault | None]


class Wire:
    """A wire that passes on what it is not configured to break.

    Args:
        upstream: URL of the service.
    """

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._upstream = (str(parts.hostname), int(parts.port or 80))
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.plan: Plan | None = None

    @property
    def url(self) -> str:
        """Where the function finds the service."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def broken(self, plan: Plan) -> Iterator[None]:
        """Break it for the block."""
        self.plan = plan
        try:
            yield
        finally:
            self.plan = None

    def close(self) -> None:
        """Let go of everything that is held."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def carry(self, exchange: Exchange) -> None:
        """Pass an exchange on, or break it."""
        fault = self.plan(exchange.request) if self.plan else None
        if fault:
            fault(exchange)
        else:
            exchange.answer(exchange.forward())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def carry(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = tuple(self.headers.items())
                request = Request(self.command, self.path, headers, body)
                wire.carry(Exchange(request, wire._upstream, self, wire._closing))

            do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = carry  # noqa: N815 - http.server's names

            def log_message(self, *_: Any) -> None:
                """Keep the tests' output clean."""

        return Handler


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """Keep the tests' output clean: functions hang up, and are killed."""
