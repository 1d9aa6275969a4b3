"""Downloads a file from a URL that a stranger chose."""

import contextlib
import ssl
from collections.abc import Iterator, Sequence
from http.client import HTTPException
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, ReadTimeoutError

from submit_image import transport, urls
from submit_image.addresses import AddressPolicy
from submit_image.deadline import Deadline
from submit_image.problems import (
    ImageNotAvailable,
    ImageTooLarge,
    InvalidUrl,
    RemoteFailed,
    RemoteTimeout,
    TooManyRedirects,
    UrlNotAllowed,
)
from submit_image.resolver import Resolver
from submit_image.urls import Target

MAX_REDIRECTS = 5

_PORTS = frozenset(urls.DEFAULT_PORTS.values())
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_CHUNK = 65536


class Fetcher:
    """Downloads files under the rules for hostile URLs.

    Args:
        resolver: Looks host names up.
        policy: Says which addresses may be connected to.
        tls: The settings of TLS, with the trusted authorities.
        trusted: Pairs of host and port that are exempt from the rules on addresses and ports.
        max_bytes: The largest file, in bytes.
        user_agent: What the remote server is told about us.
    """

    def __init__(  # noqa: PLR0913 - the seams that the tests and the environment set
        self,
        *,
        resolver: Resolver,
        policy: AddressPolicy,
        tls: ssl.SSLContext,
        trusted: frozenset[tuple[str, int]],
        max_bytes: int,
        user_agent: str,
    ) -> None:
        self._resolver = resolver
        self._policy = policy
        self._tls = tls
        self._trusted = trusted
        self._max_bytes = max_bytes
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "image/*",
            # What is compressed can be a bomb, and pictures are compressed already.
            "Accept-Encoding": "identity",
            "Connection": "close",
        }

    def fetch(self, target: Target, deadline: Deadline) -> bytes:
        """Download a file, following redirects.

        Args:
            target: Where it is.
            deadline: By when all of it must be here.

        Returns:
            The file.

        Raises:
            Problem: The URL or a redirect leads where it must not, or the remote server failed.
        """
        for _ in range(MAX_REDIRECTS + 1):
            with _remote_faults(), self._response(target, deadline) as response:
                if response.status not in _REDIRECTS:
                    return self._body(response)
                target = _redirected(target, response)
        raise TooManyRedirects(f"The URL redirects more than {MAX_REDIRECTS} times.")

    def _response(
        self, target: Target, deadline: Deadline
    ) -> contextlib.AbstractContextManager[BaseHTTPResponse]:
        addresses = self._checked_addresses(target, deadline)
        headers = {"Host": target.authority, **self._headers}
        return transport.get(target, addresses, headers, self._tls, deadline)

    def _checked_addresses(self, target: Target, deadline: Deadline) -> Sequence[str]:
        trusted = (target.host, target.port) in self._trusted
        if not trusted and target.port not in _PORTS:
            raise InvalidUrl("The URL's port must be 80 or 443.")
        # What is checked here is what is connected to: a name is not looked up a second time.
        addresses = self._resolver.addresses(target.host, target.port, deadline)
        for address in () if trusted else addresses:
            if refusal := self._policy.refusal(address):
                raise UrlNotAllowed(
                    f"The URL leads to a {refusal} address; only public addresses are fetched."
                )
        return addresses

    def _body(self, response: BaseHTTPResponse) -> bytes:
        if response.status != _OK:
            raise ImageNotAvailable(
                f"The remote server answered with status {response.status} instead of 200."
            )
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise RemoteFailed("The remote server sent an encoded body, which was not asked for.")
        too_large = ImageTooLarge(f"The file has more than {self._max_bytes} bytes.")
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and int(length[:20]) > self._max_bytes:
            raise too_large
        content = bytearray()
        while chunk := response.read(_CHUNK):
            content += chunk
            if len(content) > self._max_bytes:
                raise too_large
        return bytes(content)


def _redirected(target: Target, response: BaseHTTPResponse) -> Target:
    location = response.headers.get("Location")
    if not location:
        raise RemoteFailed("The remote server sent a redirect that leads nowhere.")
    # http.client reads headers as Latin-1, while servers that do not percent-encode send UTF-8.
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    try:
        return urls.parse(urljoin(target.url, location))
    except ValueError:
        raise InvalidUrl("The URL redirects to a malformed URL.") from None
    except InvalidUrl as problem:
        raise InvalidUrl(f"The URL redirects. {problem.detail}") from None


@contextlib.contextmanager
def _remote_faults() -> Iterator[None]:
    try:
        yield
    except (TimeoutError, ReadTimeoutError):
        raise RemoteTimeout("The remote server did not deliver the file in time.") from None
    except ssl.SSLCertVerificationError:
        raise RemoteFailed("The remote server's TLS certificate is not valid.") from None
    except ssl.SSLError:
        raise RemoteFailed("The TLS connection to the remote server failed.") from None
    # ValueError: the HTTP libraries' own parsing of what the remote server sent.
    except (HTTPError, HTTPException, ValueError):
        raise RemoteFailed("The remote server's answer is not valid HTTP or ended early.") from None
    except OSError:
        raise RemoteFailed("The connection to the remote server failed.") from None
