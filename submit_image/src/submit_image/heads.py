"""The head of an answer, rewritten so that h11, which is strict, reads what browsers and curl read.

Nothing is guessed about where a body ends: what h11 refuses there, such as two lengths or an
unknown transfer coding, is left to it as it came.
"""

import re
from collections.abc import Iterable, Iterator

import h11

_STATUS_LINE = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]+([0-9]{3})(?![0-9])", re.IGNORECASE)
_TOKEN = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_WHITESPACE = b" \t\r\v\f"
_INNER_WHITESPACE = re.compile(rb"[\r\v\f]")
_FRAMING = re.compile(rb"content.?length|transfer.?encoding", re.IGNORECASE)
# RFC 9112, section 7.2: both names are of one coding.
_GZIP = frozenset({b"gzip", b"x-gzip"})
_LENGTH = re.compile(rb"\+?0*([0-9]+)(?:[ \t]*;.*|[.]0*|[ \t]+bytes)?")


def check_beginning(received: bytes | bytearray) -> None:
    """Refuse what does not begin as HTTP does, without waiting for more of it.

    Args:
        received: The first bytes of an answer.

    Raises:
        h11.RemoteProtocolError: It is not HTTP.
    """
    beginning = bytes(received[:5]).lower()
    if not b"http/".startswith(beginning):
        raise h11.RemoteProtocolError("no status line")


def normalized(head: bytes) -> bytes:
    """Return the head of an answer in the form that RFC 9112 asks of servers.

    Args:
        head: The status line and the header lines, with the blank line after them.

    Returns:
        The same: the status line without its reason, names without whitespace around them, values
        in one line, one transfer coding. Lines whose name is not a token are left out, except those
        that are meant to say where the body ends.

    Raises:
        h11.RemoteProtocolError: There is no status line, a header line without a colon, or a
            misspelt length or transfer coding.
    """
    first, *lines = (line.rstrip(b"\r") for line in head.rstrip(b"\r\n").split(b"\n"))
    status_line = _STATUS_LINE.match(first)
    if not status_line:
        raise h11.RemoteProtocolError("no status line")
    fields = list(_fields(lines))
    written = [
        name + b": " + (_lengths(value) if name.lower() == b"content-length" else value)
        for name, value in fields
        if name.lower() != b"transfer-encoding"
    ]
    written += _transfer_encoding(fields)
    return b"\r\n".join([b"HTTP/1.1 " + status_line[1], *written, b"", b""])


def is_gzipped(head: bytes) -> bool:
    """Tell whether a body is compressed for its transfer, which nobody asked for.

    Args:
        head: The same as for `normalized`.
    """
    lines = [line.rstrip(b"\r") for line in head.rstrip(b"\r\n").split(b"\n")][1:]
    return not _GZIP.isdisjoint(_codings(_fields(lines)))


def _codings(fields: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    values = [value for name, value in fields if name.lower() == b"transfer-encoding"]
    return [coding.strip(_WHITESPACE).lower() for value in values for coding in value.split(b",")]


def _fields(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for line in _unfolded(lines):
        name, colon, value = line.partition(b":")
        if not colon:
            raise h11.RemoteProtocolError("a header line without a colon")
        # RFC 9112, section 5.1: whitespace before the colon are removed from a response.
        name = name.strip(_WHITESPACE)
        if _TOKEN.fullmatch(name):
            value = value.strip(_WHITESPACE)
            # RFC 9112, section 2.2: a CR that ends no line is a space, or refused. h11 refuses it
            # where somebody may have meant to split the request that follows.
            yield name, value if name.lower() == b"location" else _INNER_WHITESPACE.sub(b" ", value)
        elif _FRAMING.search(name):
            raise h11.RemoteProtocolError("a misspelt length or transfer coding")


def _unfolded(lines: list[bytes]) -> list[bytes]:
    # RFC 9112, section 5.2: what begins with a space continues the line before; section 2.2: after
    # the status line it is passed over.
    unfolded: list[bytearray] = []
    for line in lines:
        if not line.startswith((b" ", b"\t")):
            unfolded.append(bytearray(line))
        elif unfolded:
            unfolded[-1] += b" " + line.strip(_WHITESPACE)
    return [bytes(line) for line in unfolded]


def _transfer_encoding(fields: list[tuple[bytes, bytes]]) -> list[bytes]:
    given = _codings(fields)
    # "identity" was a transfer coding that changed nothing (RFC 2616, section 3.6), and none may be
    # chunked twice (RFC 9112, section 6.1): who says so twice has chunked once.
    codings = dict.fromkeys(coding for coding in given if coding not in (b"", b"identity"))
    # An empty value says nothing, which is not enough where no length is given either.
    delimited = b"identity" in given or any(name.lower() == b"content-length" for name, _ in fields)
    if list(codings)[1:] == [b"chunked"] and next(iter(codings)) in _GZIP:
        del codings[next(iter(codings))]
    if codings or (given and not delimited):
        return [b"Transfer-Encoding: " + b", ".join(codings)]
    return []


def _lengths(value: bytes) -> bytes:
    # RFC 9110, section 8.6: a list of equal lengths is one length, whatever else is for h11 to
    # refuse. Signs, decimals, parameters and units are left out.
    lengths = (length.strip(_WHITESPACE) for length in value.split(b","))
    return b", ".join(
        read[1] if (read := _LENGTH.fullmatch(length)) else length for length in lengths
    )
