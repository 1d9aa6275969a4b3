"""Name look-up under a deadline."""

import contextlib
import ipaddress
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from submit_image.deadline import Deadline
from submit_image.problems import RemoteFailed

type Lookup = Callable[[str, int], Sequence[str]]

# getaddrinfo cannot be interrupted: a look-up that misses the deadline is left to its thread, which
# ends when the resolver gives up (RES_OPTIONS). The pool bounds how many there can be.
_MAX_LOOKUPS = 4
_LOOPBACK = ["127.0.0.1", "::1"]


def system_lookup(host: str, port: int) -> Sequence[str]:
    """Return a name's addresses by the system's resolver, in its order of preference.

    Args:
        host: The name, in ASCII. With a dot at its end it is looked up as it is, without the
            resolver's search domains (RFC 1034, section 3.1).
        port: The TCP port; getaddrinfo asks for it and it does not change the answer.

    Returns:
        Distinct addresses, as text.

    Raises:
        OSError: The name does not resolve.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Resolver:
    """Looks names up.

    Args:
        lookup: What is asked; may block for as long as it likes.
    """

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._pool = ThreadPoolExecutor(_MAX_LOOKUPS, thread_name_prefix="lookup")

    def addresses(self, host: str, port: int, deadline: Deadline) -> Sequence[str]:
        """Return all addresses of a host, at least one.

        Args:
            host: A name, which is taken as complete, or an address, which is returned as it is.
            port: The TCP port.
            deadline: By when.

        Returns:
            The addresses, as text.

        Raises:
            RemoteFailed: The name has no address.
            TimeoutError: The look-up did not end in time.
        """
        with contextlib.suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        # No name server is asked about these (RFC 6761, section 6.3).
        if host == "localhost" or host.endswith(".localhost"):
            return _LOOPBACK
        lookup = self._pool.submit(self._lookup, f"{host}.", port)
        try:
            found = lookup.result(deadline.remaining())
        except TimeoutError:
            lookup.cancel()
            raise
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise RemoteFailed("The URL's host name could not be resolved.")
        return found
