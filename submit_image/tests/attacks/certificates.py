"""The TLS of the test's own hosts: right for most, wrong in one way for some."""

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from tests.attacks.sites import MB, drip, flood, hold, send
from tests.attacks.tables.places import HOST, HOST6

CA_FILE = "ca.pem"
YEAR = timedelta(days=365)
TLS_1_1, TICKETS, MANY_NAMES = "tls-1-1.example", "tickets.example", "many-names.example"
GOOD: tuple[str, ...] = (
    HOST,
    HOST6,
    "public.example",
    "alias.example",
    "ipv6.example",
    "both.example",
)
GOOD += ("xn--bcher-kva.example", TLS_1_1, TICKETS)

# What happens on port 443 instead of TLS, by the name that the client asks for.
WITHOUT_TLS: dict[str, Callable[[socket.socket], None]] = {
    "hangs.tls.example": hold(b""),
    "closes.tls.example": send(b""),
    "plain.tls.example": send(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"),
    "zeros.tls.example": flood(b"", bytes(MB)),
    # A record of 16 kB of handshake, byte by byte.
    "drips.tls.example": drip(b"\x16\x03\x03\x40\x00", b"\x02"),
    # Warnings are records too, and they may be ignored.
    "warns.tls.example": flood(b"", b"\x15\x03\x03\x00\x02\x01\x5a" * 1000),
}

# The certificates that do not fit the name under which they are shown.
WRONG = (
    "self-signed.example",
    "unknown-authority.example",
    "expired.example",
    "not-yet-valid.example",
    "other-name.example",
    "too.deep.wildcard.example",
    "subject-only.example",
)
HOSTILE = (TLS_1_1, TICKETS, MANY_NAMES, *WITHOUT_TLS)
NAMES = (*WRONG, *HOSTILE)


def server_name(connection: socket.socket) -> str:
    """Return which of the hostile names a client asks for, without taking its bytes."""
    hello = connection.recv(4096, socket.MSG_PEEK)
    return next((name for name in NAMES if name.encode() in hello), "")


class Contexts:
    """The contexts of the servers; the authority that clients trust is written to a file."""

    def __init__(self, directory: Path) -> None:
        trusted, unknown = trustme.CA(), trustme.CA()
        trusted.cert_pem.write_to_path(str(directory / CA_FILE))
        now = datetime.now(UTC)
        good = trusted.issue_cert(*GOOD)
        certificates = {
            "unknown-authority.example": unknown.issue_cert("unknown-authority.example"),
            "expired.example": trusted.issue_cert(
                "expired.example", not_before=now - YEAR, not_after=now - YEAR / 365
            ),
            "not-yet-valid.example": trusted.issue_cert(
                "not-yet-valid.example", not_before=now + YEAR / 365, not_after=now + YEAR
            ),
            "other-name.example": trusted.issue_cert("public.example", HOST),
            "too.deep.wildcard.example": trusted.issue_cert("*.wildcard.example"),
            "subject-only.example": trusted.issue_cert(
                "public.example", common_name="subject-only.example"
            ),
            MANY_NAMES: trusted.issue_cert(
                MANY_NAMES, *(f"host-{number}.example" for number in range(8_000))
            ),
        }
        self._good = _context(good)
        self._contexts = {name: _context(shown) for name, shown in certificates.items()}
        self._contexts["self-signed.example"] = _self_signed(directory)
        self._contexts[TLS_1_1] = _context(good)
        self._contexts[TLS_1_1].set_ciphers("ALL:@SECLEVEL=0")
        self._contexts[TLS_1_1].minimum_version = ssl.TLSVersion.TLSv1
        self._contexts[TLS_1_1].maximum_version = ssl.TLSVersion.TLSv1_1
        self._contexts[TICKETS] = _context(good)
        self._contexts[TICKETS].num_tickets = 100_000_000

    def server(self, name: str) -> ssl.SSLContext:
        return self._contexts.get(name, self._good)


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def _self_signed(directory: Path) -> ssl.SSLContext:
    """An authority that vouches for itself alone."""
    authority = trustme.CA()
    certificate, key = directory / "self-signed.pem", directory / "self-signed.key"
    authority.cert_pem.write_to_path(str(certificate))
    authority.private_key_pem.write_to_path(str(key))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context
