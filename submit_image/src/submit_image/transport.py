"""One HTTP exchange with one address, none of it beyond the deadline.

A socket's timeout restarts with every byte, so a server that drips bytes holds a client for ever.
Here each single operation gets no more than what is left until the deadline, and the socket is
closed with the exchange: no watchdog thread, no pool, nothing to leak between invocations.
"""

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import h11

from submit_image.deadline import Deadline, DeadlineSocket
from submit_image.exchange import Exchange
from submit_image.response import Response
from submit_image.urls import Target

# So long for one of several addresses; after that the next one is tried.
CONNECT_SECONDS = 3.0
# A stranger's name server may list any number of other people's hosts: no more are bothered.
MAX_ADDRESSES = 10


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
) -> Iterator[Response]:
    """Send a GET request and hand over the response, its body unread and not decoded.

    Args:
        target: What is asked for, sent as it is, and the name that TLS verifies.
        addresses: The checked addresses of its host.
        headers: The request's headers.
        tls: The settings of TLS, with the trusted authorities.
        deadline: By when the connection is made and everything is read.

    Yields:
        The response.

    Raises:
        OSError: The connection or TLS failed; TimeoutError at the deadline.
        h11.RemoteProtocolError: The answer is not HTTP.
        h11.LocalProtocolError: The target contains what cannot be sent; nothing was.
    """
    request = h11.Request(method="GET", target=target.path, headers=[*headers.items()])
    sock = connect(addresses, target.port, deadline)
    try:
        if target.scheme == "https":
            sock.settimeout(deadline.remaining())
            sock = tls.wrap_socket(sock, server_hostname=target.host)
        exchange = Exchange(DeadlineSocket(sock, deadline))
        exchange.send(request)
        yield exchange.response()
    finally:
        sock.close()
