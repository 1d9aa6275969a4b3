"""Downloads a file from a URL that a stranger chose."""

import contextlib
import ssl
from collections.abc import Iterator, Sequence

import h11

from submit_image import answers, redirects, transport, urls
from submit_image.addresses import AddressPolicy
from submit_image.deadline import Deadline
from submit_image.problems import (
    ImageTooLarge,
    InvalidUrl,
    RemoteFailed,
    RemoteTimeout,
    TooManyRedirects,
    UrlNotAllowed,
)
from submit_image.resolver import Resolver
from submit_image.response import IncompleteBody, Response
from submit_image.urls import Target

MAX_REDIRECTS = 5

_PRODUCT = "ImageLabeller-SubmitImage/1.0"
_PORTS = frozenset(urls.DEFAULT_PORTS.values())


def user_agent(contact_url: str) -> str:
    """Return what the requests to other sites say about their sender.

    The contact stands where Wikimedia's policy asks for it
    (https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy).

    Args:
        contact_url: The URL of a page, or a mailto URL; none if empty.
    """
    return f"{_PRODUCT} ({contact_url})" if contact_url else _PRODUCT


class Fetcher:
    """Downloads files under the rules for hostile URLs.

    Args:
        resolver: Looks host names up.
        policy: Says which addresses may be connected to.
        tls: The settings of TLS, with the trusted authorities.
        trusted: Pairs of host and port that are exempt from the rules on addresses and ports.
        max_bytes: The largest file, in bytes.
        user_agent: The `User-Agent` of the requests.
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
            # Some servers answer 406 unless everything is welcome.
            "Accept": "image/*,*/*;q=0.8",
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
        self._check_port(target)
        for redirected in range(MAX_REDIRECTS + 1):
            addresses = self._checked_addresses(target, deadline, redirected=bool(redirected))
            with _remote_faults(), self._response(target, addresses, deadline) as response:
                location = answers.location(response)
                if location is None:
                    return self._body(response)
            target = self._redirected(target, location)
        raise TooManyRedirects(f"The URL redirects more than {MAX_REDIRECTS} times.")

    def _check_port(self, target: Target) -> None:
        if target.port not in _PORTS and not self._trusts(target):
            raise InvalidUrl("The URL's port must be 80 or 443.")

    def _trusts(self, target: Target) -> bool:
        return (target.host, target.port) in self._trusted

    def _checked_addresses(
        self, target: Target, deadline: Deadline, *, redirected: bool
    ) -> Sequence[str]:
        # What is checked here is what is connected to: a name is not looked up a second time.
        with _remote_faults():
            addresses = self._resolver.addresses(target.host, target.port, deadline)
        for address in () if self._trusts(target) else addresses:
            if refusal := self._policy.refusal(address):
                raise UrlNotAllowed(
                    f"The URL {'redirects' if redirected else 'leads'} to a {refusal} address;"
                    " only public addresses are fetched."
                )
        return addresses

    def _response(
        self, target: Target, addresses: Sequence[str], deadline: Deadline
    ) -> contextlib.AbstractContextManager[Response]:
        headers = {"Host": target.authority, **self._headers}
        return transport.get(target, addresses, headers, self._tls, deadline)

    def _redirected(self, target: Target, location: bytes) -> Target:
        try:
            target = redirects.follow(target, location)
            self._check_port(target)
        except InvalidUrl as problem:
            # Whoever submitted the URL did nothing wrong.
            raise RemoteFailed(
                f"The remote server redirects to what cannot be fetched. {problem.detail}"
            ) from None
        return target

    def _body(self, response: Response) -> bytes:
        answers.check_success(response)
        too_large = ImageTooLarge(f"The file has more than {self._max_bytes} bytes.")
        # h11 sees to it that a length is a number, and that there are no two.
        for length in response.values("content-length"):
            if not response.values("transfer-encoding") and int(length) > self._max_bytes:
                raise too_large
        content = bytearray()
        for part in response.body():
            content += part
            if len(content) > self._max_bytes:
                raise too_large
        whole = bytes(content)
        answers.check_encoding(response, whole)
        return whole


@contextlib.contextmanager
def _remote_faults() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise RemoteTimeout("The remote server did not deliver the file in time.") from None
    except IncompleteBody:
        raise RemoteFailed(
            "The download is incomplete: the remote server ended it before the file's end."
        ) from None
    except ssl.SSLCertVerificationError:
        raise RemoteFailed("The remote server's TLS certificate is not valid.") from None
    except ssl.SSLError:
        raise RemoteFailed("The TLS connection to the remote server failed.") from None
    except h11.RemoteProtocolError:
        raise RemoteFailed("The remote server's answer is not valid HTTP or ended early.") from None
    except OSError:
        raise RemoteFailed("The connection to the remote server failed.") from None
