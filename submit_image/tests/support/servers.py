"""Loopback servers that behave as badly as a script tells them to."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

type Script = Callable[[socket.socket], None]


def read_request(connection: socket.socket) -> bytes:
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        received = connection.recv(4096)
        if not received:
            break
        request += received
    return request


def answer(*parts: bytes) -> Script:
    """Send the parts after the request's headers, and close."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        for part in parts:
            connection.sendall(part)

    return script


def ok(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(location: str, status: int = 302) -> bytes:
    line = f"HTTP/1.1 {status} Moved\r\nContent-Length: 0\r\n"
    return (line + f"Location: {location}\r\n\r\n").encode()


class Server:
    """A server on the loopback interface, one thread, one script for all its connections."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.requests = 0
        self.stopped = threading.Event()
        self._script = script
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def drip(self, first: bytes, drop: bytes) -> Script:
        """Send the first bytes and then one drop after the other, until the client goes."""

        def script(connection: socket.socket) -> None:
            read_request(connection)
            connection.sendall(first)
            while not self.stopped.wait(0.05):  # deadline: none, it drips on
                connection.sendall(drop)

        return script

    def use(self, script: Script) -> None:
        self._script = script

    def close(self) -> None:
        self.stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(30)

    def _serve(self) -> None:
        while not self.stopped.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                self.requests += 1
                with connection:
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        if self._tls is None:
            self._script(connection)
            return
        with self._tls.wrap_socket(connection, server_side=True) as secured:
            self._script(secured)


@contextlib.contextmanager
def serving(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(script, tls)
    try:
        yield server
    finally:
        server.close()
