"""The form of a URL that is fetched; where it leads is for addresses.py."""

import ipaddress
import re
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from submit_image.problems import InvalidUrl

# Presigned URLs that carry a session token are longer than the customary 2,048 characters.
MAX_LENGTH = 4096
DEFAULT_PORTS = {"http": 80, "https": 443}

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_MAX_NAME_LENGTH = 253
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Target:
    """A URL taken apart: what is connected to, and what is asked for there.

    Attributes:
        scheme: `http` or `https`.
        host: A name in ASCII (IDNA), or the text of an IP address without brackets.
        port: The TCP port.
        path: The request target: path and query, percent-encoded, without the fragment.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The normalized URL."""
        return f"{self.scheme}://{self.authority}{self.path}"


def parse(url: str) -> Target:
    """Take a URL apart (RFC 3986).

    Args:
        url: The URL as it was submitted, or as a redirect gave it.

    Returns:
        The target.

    Raises:
        InvalidUrl: The URL is too long, carries credentials, or is no well-formed http(s) URL.
    """
    if len(url) > MAX_LENGTH:
        raise InvalidUrl(f"The URL has {len(url)} characters; at most {MAX_LENGTH} are accepted.")
    # Parsers disagree about these characters, and attacks live on what parsers disagree about.
    if not url.isprintable() or " " in url or "\\" in url:
        raise InvalidUrl(
            "The URL contains whitespace, a backslash or a control character; percent-encode it."
        )
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise InvalidUrl("The URL is malformed.") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise InvalidUrl("The URL must begin with http:// or https://.")
    if not parts.host:
        raise InvalidUrl("The URL names no host.")
    authority = re.split(r"[/?#]", url.partition("//")[2], maxsplit=1)[0]
    if "@" in authority:
        raise InvalidUrl("The URL must not contain a user name or password.")
    if "%" in authority:
        raise InvalidUrl("The URL's host must not be percent-encoded or name a zone.")
    port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
    return Target(parts.scheme, _host(parts.host), port, parts.request_uri)


def _host(host: str) -> str:
    if host.startswith("["):
        return _ipv6(host[1:-1])
    name = host.removesuffix(".").lower()
    labels = name.split(".")
    if len(name) > _MAX_NAME_LENGTH or not all(map(_LABEL.fullmatch, labels)):
        raise InvalidUrl("The URL's host is neither a host name nor an IP address.")
    # Resolvers read 127.1, 0x7f000001 and 017700000001 as addresses; a URL has one way to write
    # them (WHATWG URL standard, host parser: where the last label is a number, it is an address).
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(name)
    return name


def _ipv4(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise InvalidUrl("The URL's IPv4 address must be four decimal numbers.") from None


def _ipv6(text: str) -> str:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        raise InvalidUrl("The URL's IPv6 address is malformed.") from None
