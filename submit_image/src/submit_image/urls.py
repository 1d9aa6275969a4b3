"""The form of a URL that is fetched; where it leads is for addresses.py.

What was given is what is sent: path and query are not normalized, since a signature may stand for
every byte of them. Only what cannot be sent at all is percent-encoded: spaces, and what is not
ASCII.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from submit_image import hosts
from submit_image.problems import InvalidUrl

# Presigned URLs that carry a session token are longer than the customary 2,048 characters.
MAX_LENGTH = 4096
DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65535

# RFC 3986, appendix B; the authority and the slashes before it are looked at apart.
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<slashes>/*)"
    r"(?P<authority>[^/?#]*)(?P<target>[^#]*)(?:#.*)?",
    re.DOTALL,
)
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,9}))?")
_UNSENDABLE = re.compile(r"[^\x21-\x7e]")

# What surrounds a URL that was copied out of a text: white space, and characters that are not seen.
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# An opening mark, and those that close what it opens.
_QUOTES = {"<": ">", '"': '"', "'": "'", "`": "`'", "\u201c": "\u201d", "\u2018": "\u2019"}
_QUOTES |= {
    "(": ")",
    "[": "]",
    "\u201e": "\u201c\u201d",
    "\u201a": "\u2018\u2019",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
}
_BEGIN = "The URL must begin with http:// or https://, such as https://example.com/cat.jpg."


@dataclass(frozen=True)
class Target:
    """A URL taken apart: what is connected to, and what is asked for there.

    Attributes:
        scheme: `http` or `https`.
        host: A name in ASCII (IDNA), or the text of an IP address without brackets.
        port: The TCP port.
        path: The request target: path and query as they are sent, without the fragment.
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
        """The URL as it is fetched."""
        return f"{self.scheme}://{self.authority}{self.path}"


def submitted(text: str) -> Target:
    """Take apart a URL that somebody may have copied out of a text.

    White space, invisible characters, quotation marks and angle brackets around it are removed.

    Args:
        text: The URL as it was submitted.

    Returns:
        The target.

    Raises:
        InvalidUrl: It is too long, carries credentials, or is no well-formed http(s) URL.
    """
    url = _trimmed(text)
    while url[1:] and url[-1] in _QUOTES.get(url[0], ""):
        # RFC 3986, appendix C, also delimits a URL as <URL:...>.
        url = _trimmed(url[1:-1].removeprefix("URL:"))
    return parse(url)


def parse(url: str) -> Target:
    """Take a URL apart (RFC 3986).

    Args:
        url: The URL, and nothing around it.

    Returns:
        The target.

    Raises:
        InvalidUrl: It is too long, carries credentials, or is no well-formed http(s) URL.
    """
    if len(url) > MAX_LENGTH:
        raise InvalidUrl(f"The URL has {len(url)} characters; at most {MAX_LENGTH} are accepted.")
    for place, character in enumerate(url, 1):
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise InvalidUrl(
                f"The URL contains a control character (U+{ord(character):04X}, a line end"
                f" perhaps) as its character {place}; remove it."
            )
    if url.lower().startswith(("http%3a", "https%3a")):
        raise InvalidUrl(f"The URL is percent-encoded once more than it should be. {_BEGIN}")
    parts = _URL.fullmatch(url)
    if not parts or (scheme := parts["scheme"].lower()) not in DEFAULT_PORTS:
        raise InvalidUrl(_BEGIN)
    if parts["slashes"] != "//":
        raise InvalidUrl(f"The URL's scheme must be followed by two slashes. {_BEGIN}")
    host, port = _host_and_port(parts["authority"])
    target = parts["target"] if parts["target"].startswith("/") else f"/{parts['target']}"
    path = _UNSENDABLE.sub(lambda unsendable: quote(unsendable[0]), target)
    return Target(scheme, host, DEFAULT_PORTS[scheme] if port is None else port, path)


def _host_and_port(authority: str) -> tuple[str, int | None]:
    if "@" in authority:
        raise InvalidUrl("The URL must not contain a user name or password.")
    if "%" in authority:
        raise InvalidUrl("The URL's host must not be percent-encoded or name a zone.")
    if "\\" in authority:
        raise InvalidUrl("The URL's host must end in a slash, not in a backslash.")
    parts = _AUTHORITY.fullmatch(authority)
    if not parts or int(parts["port"] or 0) > _MAX_PORT:
        raise InvalidUrl("The URL's host or port is malformed.")
    if not parts["host"]:
        raise InvalidUrl("The URL names no host.")
    return hosts.normalized(parts["host"]), int(parts["port"]) if parts["port"] else None


def _trimmed(text: str) -> str:
    first, last = 0, len(text)
    while first < last and unicodedata.category(text[first]) in _INVISIBLE:
        first += 1
    while last > first and unicodedata.category(text[last - 1]) in _INVISIBLE:
        last -= 1
    return text[first:last]
