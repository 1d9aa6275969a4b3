"""A loopback server that answers as the SageMaker runtime would, in sickness and in health."""

import json
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

HEALTHY = json.dumps(
    {
        "probabilities": [0.01, 0.57, 0.2, 0.1, 0.07, 0.05],
        "labels": ["background", "Egyptian cat", "tabby", "tiger cat", "lynx", "pug"],
        "predicted_label": "Egyptian cat",
    }
).encode()


@dataclass(frozen=True)
class Answer:
    """What the server does with a request.

    Attributes:
        body: The body of the answer.
        status: The HTTP status.
        error: The code of an AWS error, for the header x-amzn-ErrorType.
        cut: Bytes that are missing from the end of the promised body.
        more: Bytes that are promised in addition to the body, and never come.
        hang: Seconds until the answer.
        reset: Whether the connection is reset in its place.
    """

    body: bytes = HEALTHY
    status: int = 200
    error: str = ""
    cut: int = 0
    more: int = 0
    hang: float = 0
    reset: bool = False


@dataclass
class EndpointServer:
    """The running server: what it answers next, and what it was asked."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def endpoint_server() -> Iterator[EndpointServer]:
    """Serve on a free port; the last answer is repeated."""
    state = EndpointServer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.requests.append((self.path, dict(self.headers), body))
            answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            state.closing.wait(answer.hang)
            if answer.reset:
                self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body) + answer.more))
            if answer.error:
                self.send_header("x-amzn-ErrorType", answer.error)
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) - answer.cut])
            self.close_connection = bool(answer.cut or answer.more)

        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

    class Server(ThreadingHTTPServer):
        # Some tests hang up first.
        def handle_error(self, *_: Any) -> None:
            """Keep the test's output clean."""

    server = Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    state.answers.append(Answer())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
