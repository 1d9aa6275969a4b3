"""Asks the inference endpoint as an AWS SDK does, at a small fraction of an SDK's cost."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from benchmark.errors import BenchmarkError

ACCEPTED = b"200"
PART = 2**16
TIMEOUT = 120


class Served(Protocol):
    """Where an endpoint answers, and its name."""

    @property
    def endpoint(self) -> str:
        """The URL."""
        ...

    @property
    def endpoint_name(self) -> str:
        """The endpoint's name."""
        ...


class Connection:
    """A connection that is kept for one request after the other.

    Args:
        url: Where the endpoint answers.
        endpoint: The endpoint's name.
    """

    def __init__(self, url: str, endpoint: str) -> None:
        address = urlsplit(url)
        self._socket = socket.create_connection((address.hostname, address.port), TIMEOUT)
        # As urllib3 sets it, and with it every AWS SDK for Python.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            f"POST /endpoints/{endpoint}/invocations HTTP/1.1\r\nHost: {address.netloc}\r\n"
            "Content-Type: application/x-image\r\nAccept: application/json;verbose\r\n"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._socket.close()

    def classify(self, picture: bytes) -> bytes:
        """Send a picture and return the answer's body.

        Raises:
            BenchmarkError: If the answer is another than 200.
        """
        head = f"{self._head}Content-Length: {len(picture)}\r\n\r\n"
        self._socket.sendall(head.encode() + picture)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._part()
        lines = received[:end].lower().split(b"\r\n")
        (length,) = (int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        body = bytearray(received[end + 4 :])
        while len(body) < length:
            body += self._part()
        if lines[0].split()[1] != ACCEPTED:
            raise BenchmarkError(f"The endpoint answered {lines[0].decode()}: {body[:200]!r}")
        return bytes(body)

    def _part(self) -> bytes:
        part = self._socket.recv(PART)
        if not part:
            raise BenchmarkError("The endpoint closed the connection: make logs NAME=endpoint")
        return part


@dataclass(frozen=True)
class Throughput:
    """How many pictures were classified.

    Attributes:
        count: How many.
        seconds: In which time.
    """

    count: int
    seconds: float

    @property
    def rate(self) -> float:
        """Pictures a second."""
        return self.count / self.seconds


class Callers:
    """Callers that ask the endpoint at the same time, each on a connection of its own.

    Args:
        application: What has the endpoint.
        number: How many callers.
    """

    def __init__(self, application: Served, number: int) -> None:
        url, name = application.endpoint, application.endpoint_name
        self._connections = [Connection(url, name) for _ in range(number)]
        self._pool = ThreadPoolExecutor(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        for connection in self._connections:
            connection.__exit__(kind, error, traceback)

    def during(self, pictures: list[bytes], seconds: float) -> Throughput:
        """Classify for some seconds."""
        began = time.perf_counter()

        def ask(number: int) -> int:
            count = 0
            while time.perf_counter() - began < seconds:
                picture = pictures[(number + count) % len(pictures)]
                self._connections[number].classify(picture)
                count += 1
            return count

        counts = list(self._pool.map(ask, range(len(self._connections))))
        return Throughput(sum(counts), time.perf_counter() - began)

    def all(self, pictures: list[bytes]) -> Throughput:
        """Classify each of the pictures once."""
        began = time.perf_counter()
        number = len(self._connections)

        def ask(first: int) -> None:
            for picture in pictures[first::number]:
                self._connections[first].classify(picture)

        list(self._pool.map(ask, range(number)))
        return Throughput(len(pictures), time.perf_counter() - began)

    def one_by_one(self, pictures: list[bytes], count: int) -> list[float]:
        """Have one caller classify pictures back to back, and return the time of each."""
        times = []
        for number in range(count):
            began = time.perf_counter()
            self._connections[0].classify(pictures[number % len(pictures)])
            times.append(time.perf_counter() - began)
        return times
