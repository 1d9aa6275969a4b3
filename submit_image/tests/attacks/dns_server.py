"""The DNS server of the test's own: answers from the zone's table, or fails as it says there."""

import contextlib
import functools
import ipaddress
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from tests.attacks.tables import zone
from tests.attacks.tables.places import NAMESERVER

PORT = 53
MAX_DATAGRAM = 512
LATE_SECONDS = 3.0
MAX_ALIASES = 4
# Where a response has its first flags, and the one that says it was truncated (RFC 1035, 4.1.1).
_FLAGS = 2
_TRUNCATED = 0x02


class Zone:
    """Counts look-ups, because an answer may change from one to the next."""

    def __init__(self) -> None:
        self._asked: Counter[tuple[str, str]] = Counter()

    def reset(self) -> None:
        self._asked.clear()

    def answer(self, name: str, kind: str) -> list[str] | str:
        """Return this answer."""
        answers = zone.answers(name)
        turn = self._asked[name, kind]
        self._asked[name, kind] += 1
        return answers[min(turn, len(answers) - 1)]

    def respond(self, query: dns.message.Message) -> bytes | None:
        """Return the response in wire format, or None for silence."""
        question = query.question[0]
        name, kind = question.name, dns.rdatatype.to_text(question.rdtype)
        response = dns.message.make_response(query, recursion_available=True)
        for _ in range(MAX_ALIASES):
            said = self.answer(name.to_text(omit_final_dot=True).lower(), kind)
            if isinstance(said, str) and said.startswith("alias "):
                target = dns.name.from_text(said.removeprefix("alias "))
                response.answer.append(_rrset(name, "CNAME", (target.to_text(),)))
                name = target
                continue
            if isinstance(said, list):
                version = 4 if kind == "A" else 6
                fitting = tuple(a for a in said if ipaddress.ip_address(a).version == version)
                if fitting and kind in ("A", "AAAA"):
                    response.answer.append(_rrset(name, kind, fitting))
                break
            if said == "silence":
                return None
            if said == "slow":
                time.sleep(LATE_SECONDS)
            elif said == "garbage":
                return query.to_wire()[:2] + b"\xff" * 200
            elif said == "truncated":
                response.flags |= dns.flags.TC
            else:
                response.set_rcode(dns.rcode.from_text(said))
            break
        return response.to_wire(max_size=65535)


# A thousand records take 0.1 s, and a resolver that waits a second at most asks several times.
@functools.cache
def _rrset(name: dns.name.Name, kind: str, texts: tuple[str, ...]) -> dns.rrset.RRset:
    rrset = dns.rrset.RRset(name, dns.rdataclass.IN, dns.rdatatype.from_text(kind))
    for text in texts:
        rrset.add(dns.rdata.from_text(rrset.rdclass, rrset.rdtype, text), ttl=0)
    return rrset


def serve() -> Zone:
    """Answer by UDP, and by TCP what does not fit a datagram."""
    served = Zone()
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind((NAMESERVER, PORT))
    streams = socket.create_server((NAMESERVER, PORT))

    def by_udp(data: bytes, client: tuple[str, int]) -> None:
        if wire := served.respond(dns.message.from_wire(data)):
            if len(wire) > MAX_DATAGRAM:
                wire = (
                    wire[:_FLAGS]
                    + bytes([wire[_FLAGS] | _TRUNCATED])
                    + wire[_FLAGS + 1 : MAX_DATAGRAM]
                )
            datagrams.sendto(wire, client)

    def by_tcp(connection: socket.socket) -> None:
        # Both families may be asked for on one connection.
        with connection, connection.makefile("rb") as incoming:
            while length := int.from_bytes(incoming.read(2)):
                query = dns.message.from_wire(incoming.read(length))
                wire = served.respond(query)
                if not wire or wire[_FLAGS] & _TRUNCATED:
                    time.sleep(LATE_SECONDS)
                    return
                connection.sendall(len(wire).to_bytes(2) + wire)

    _forever(lambda: (by_udp, *datagrams.recvfrom(4096)))
    _forever(lambda: (by_tcp, streams.accept()[0]))
    return served


def _forever(next_work: Callable[[], tuple[Callable[..., None], *tuple[object, ...]]]) -> None:
    def work(do: Callable[..., None], *arguments: object) -> None:
        with contextlib.suppress(OSError):
            do(*arguments)

    def loop() -> None:
        while True:
            threading.Thread(target=work, args=next_work(), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
