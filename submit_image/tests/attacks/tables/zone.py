"""The names that the test's own DNS server knows, and what it says about them.

Each name has a list of answers, given in turn to one look-up after the other; the last one stays.
An answer is a list of addresses, or a word for what a bad name server does. `localhost` and the
names of metadata services resolve as they do where they are at home.
"""

import ipaddress

from tests.attacks import certificates
from tests.attacks.tables import places
from tests.attacks.tables.places import BLACKHOLE, HOST, HOST6, PUBLIC, REFUSING, UNREACHABLE

type Answers = list[list[str] | str]

METADATA = "169.254.169.254"

INSIDE: dict[str, Answers] = {
    "localhost": [["127.0.0.1", "::1"]],
    "a.localhost": [["127.0.0.1"]],
    "localhost.localdomain": [["127.0.0.1"]],
    "ip6-localhost": [["::1"]],
    "sandbox.localdomain": [["127.0.0.1"]],
    "metadata.google.internal": [[METADATA]],
    "instance-data": [[METADATA]],
    "instance-data.ec2.internal": [[METADATA]],
    "127.0.0.1.nip.example": [["127.0.0.1"]],
}

# One public address does not make up for another that is not.
MIXED: dict[str, Answers] = {
    "public-first.example": [[HOST, "127.0.0.1"]],
    "public-last.example": [["127.0.0.1", HOST]],
    "public-around.example": [[HOST, "10.0.0.1", REFUSING]],
    "public-ipv4.example": [[HOST, "::1"]],
    "public-ipv6.example": [[HOST6, METADATA]],
    "public-refusing.example": [[REFUSING, METADATA]],
    "mapped-with-public.example": [[HOST, HOST6, "::ffff:10.0.0.1"]],
    "one-of-many.example": [[*(str(UNREACHABLE[last]) for last in range(1, 201)), "192.168.0.1"]],
    "alias-inside.example": ["alias localhost"],
    "alias-metadata.example": ["alias instance-data.ec2.internal"],
    "alias-of-alias.example": ["alias alias-inside.example"],
}

# The answer changes from one look-up to the next, and none may be kept (TTL 0).
REBINDING: dict[str, Answers] = {
    "rebinds-to-loopback.example": [[HOST], ["127.0.0.1"]],
    "rebinds-to-metadata.example": [[HOST], [METADATA]],
    "rebinds-to-ipv6.example": [[HOST], ["::1"]],
    "rebinds-late.example": [[HOST], [HOST], [HOST], ["10.0.0.1"]],
    "rebinds-to-mixed.example": [[HOST], [HOST, "10.0.0.1"]],
    "rebinds-by-alias.example": [[HOST], "alias localhost"],
}

# Name servers that do not serve, and the detail of the problem.
DEAD: dict[str, tuple[Answers, frozenset[str]]] = {
    "unknown.example": (["NXDOMAIN"], frozenset({"remote-failed"})),
    "failing.example": (["SERVFAIL"], frozenset({"remote-failed"})),
    "refusing.example": (["REFUSED"], frozenset({"remote-failed"})),
    "empty.example": ([[]], frozenset({"remote-failed"})),
    "garbage.example": (["garbage"], frozenset({"remote-timeout", "remote-failed"})),
    "silent.example": (["silence"], frozenset({"remote-timeout", "remote-failed"})),
    "slow.example": (["slow"], frozenset({"remote-timeout", "remote-failed"})),
    "truncated.example": (["truncated"], frozenset({"remote-timeout", "remote-failed"})),
    "loop.example": (["alias loop.example"], frozenset({"remote-failed"})),
    "dangling.example": (["alias unknown.example"], frozenset({"remote-failed"})),
    "bad-alias.example": (["alias a_b-.-c.example"], frozenset({"remote-failed"})),
}

OUTSIDE: dict[str, Answers] = {
    PUBLIC: [[HOST]],
    "ipv6.example": [[HOST6]],
    "both.example": [[HOST6, HOST]],
    "first-refuses.example": [[REFUSING, HOST]],
    "first-is-silent.example": [[BLACKHOLE, HOST]],
    "blackhole.example": [[BLACKHOLE]],
    "closed.example": [[REFUSING]],
    "alias.example": [f"alias {PUBLIC}"],
    "xn--bcher-kva.example": [[HOST]],
    **{name: [[HOST]] for name in certificates.NAMES},
    # A name server may list hosts that have nothing to do with it: none of them is a target.
    "thousand.example": [[str(UNREACHABLE[last]) for last in range(1, 1001)]],
}

# Names that exist in the search domain alone.
SEARCHED: tuple[str, ...] = ("intranet", "searched.example", "localhost.intranet")

NAMES: dict[str, Answers] = {
    **{f"{name}.{places.SEARCHED}": [[HOST]] for name in SEARCHED},
    **INSIDE,
    **MIXED,
    **REBINDING,
    **{name: answers for name, (answers, _) in DEAD.items()},
    **OUTSIDE,
}

_POINTERS = ".points.example"


def pointer(address: str) -> str:
    """Return a name that resolves to an address."""
    return ipaddress.ip_address(address).packed.hex() + _POINTERS


def answers(name: str) -> Answers:
    """Return the answers for a name."""
    if name.endswith(_POINTERS):
        packed = bytes.fromhex(name.removesuffix(_POINTERS))
        return [[str(ipaddress.ip_address(packed))]]
    return NAMES.get(name, ["NXDOMAIN"])
