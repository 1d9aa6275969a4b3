"""The host of a URL: a name in ASCII, or an IP address in the one way that a URL writes it."""

import ipaddress
import re
import unicodedata

import idna

from submit_image.problems import InvalidUrl

# Names that begin or end in a hyphen, or have underscores, are against RFC 1123, and exist.
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_MAX_NAME_LENGTH = 253
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def normalized(host: str) -> str:
    """Return a host as it is looked up, shown to TLS and sent in the Host header.

    Args:
        host: The host as a URL gives it: a name, an IPv4 address, or an IPv6 address in brackets.

    Returns:
        A name in lower case and ASCII (UTS 46, https://www.unicode.org/reports/tr46/), or the text
        of an IP address without brackets.

    Raises:
        InvalidUrl: It is neither a name nor an address.
    """
    if host.startswith("["):
        return _ipv6(host[1:-1])
    name = (host if host.isascii() else _ascii(host)).lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > _MAX_NAME_LENGTH or not all(map(_LABEL.fullmatch, labels)):
        raise InvalidUrl("The URL's host is neither a host name nor an IP address.")
    # Resolvers read 127.1, 0x7f000001 and 017700000001 as addresses; a URL has one way to write
    # them (WHATWG URL standard, host parser: where the last label is a number, it is an address).
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(name)
    return name


def _ascii(name: str) -> str:
    try:
        mapped = idna.uts46_remap(name, std3_rules=False, transitional=False)
        return ".".join(map(_ascii_label, mapped.split(".")))
    except (idna.IDNAError, UnicodeError):
        raise InvalidUrl("The URL's host is not a valid international host name.") from None


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode()
    except idna.InvalidCodepointContext:
        raise
    except idna.InvalidCodepoint:
        # Browsers and registries also have names with emoji, which IDNA 2008 has not. What is ASCII
        # in a label stays ASCII, and is held to the rules for names.
        if not all(c.isascii() or unicodedata.category(c)[0] in "LMN" or _symbol(c) for c in label):
            raise
        return f"xn--{label.encode('punycode').decode()}"


def _symbol(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk")


def _ipv4(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise InvalidUrl("The URL's IPv4 address must be four decimal numbers.") from None


def _ipv6(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise InvalidUrl("The URL's IPv6 address is malformed.") from None
    if address.scope_id is not None:
        raise InvalidUrl("The URL's IPv6 address must not name a zone.")
    return str(address)
