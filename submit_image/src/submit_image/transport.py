"""One HTTP exchange with one address, none of it beyond the deadline.

A socket's timeout restarts with every byte, so a server that drips bytes holds a client for ever.
Here each single operation gets no more than what is left until the deadline, and the socket is
closed with the exchange: no watchdog thread, no pool, nothing to leak between invocations.
"""

import io
import logging
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection

from submit_image.deadline import Deadline
from submit_image.urls import Target

# So long for one of several addresses; after that the next one is tried.
CONNECT_SECONDS = 3.0
# A stranger's name server may list any number of other people's hosts: no more are bothered.
MAX_ADDRESSES = 10

# A broken header makes urllib3 log a warning that quotes the URL, which may carry a signature.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)


class _Incoming(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.remaining())
        return self._sock.recv_into(buffer)


class DeadlineSocket:
    """What an HTTP connection needs of a socket, under a deadline.

    Args:
        sock: The connected socket; whoever opened it closes it.
        deadline: By when every byte must have been sent and received.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send all bytes.

        Raises:
            TimeoutError: They were not sent in time.
        """
        self._sock.settimeout(self._deadline.remaining())
        self._sock.sendall(data)

    def makefile(self, *_args: object, **_options: object) -> io.BufferedReader:
        """Return the incoming bytes as a file; reading raises TimeoutError at the deadline."""
        return io.BufferedReader(_Incoming(self._sock, self._deadline))

    def settimeout(self, _seconds: float | None) -> None:
        """Ignore the timeout of the HTTP library: the deadline governs."""

    def close(self) -> None:
        """Do nothing: http.client closes early what it still reads from."""


def connect(addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    """Connect to the first address that accepts, out of the first few.

    Args:
        addresses: Checked addresses, never names.
        port: The TCP port.
        deadline: By when.

    Returns:
        The connected socket.

    Raises:
        OSError: None accepted; TimeoutError if the last one did not answer.
    """
    failure: OSError = TimeoutError()
    for address in addresses[:MAX_ADDRESSES]:
        seconds = min(deadline.remaining(), CONNECT_SECONDS)
        try:
            return socket.create_connection((address, port), timeout=seconds)
        except OSError as error:
            failure = error
    raise failure


@contextmanager
def get(
    target: Target,
    addresses: Sequence[str],
    headers: dict[str, str],
    tls: ssl.SSLContext,
    deadline: Deadline,
) -> Iterator[BaseHTTPResponse]:
    """Send a GET request and hand over the response, its body unread and not decoded.

    Args:
        target: What is asked for, and the name that TLS verifies.
        addresses: The checked addresses of its host.
        headers: The request's headers.
        tls: The settings of TLS, with the trusted authorities.
        deadline: By when the connection is made and everything is read.

    Yields:
        The response; reading it raises urllib3's ReadTimeoutError at the deadline.

    Raises:
        OSError: The connection or TLS failed; TimeoutError at the deadline.
        http.client.HTTPException: The answer is not HTTP.
    """
    sock = connect(addresses, target.port, deadline)
    try:
        if target.scheme == "https":
            sock.settimeout(deadline.remaining())
            sock = tls.wrap_socket(sock, server_hostname=target.host)
        connection = HTTPConnection(target.host, target.port)
        connection.sock = cast("socket.socket", DeadlineSocket(sock, deadline))
        connection.request(
            "GET", target.path, headers=headers, preload_content=False, decode_content=False
        )
        yield connection.getresponse()
    finally:
        sock.close()
