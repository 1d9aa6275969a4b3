"""Where attacks lead: the special blocks of the address space, and the hosts of the test's own.

The blocks are those of IANA's special-purpose registries
(https://www.iana.org/assignments/iana-ipv4-special-registry,
https://www.iana.org/assignments/iana-ipv6-special-registry), those that left the registries but not
the machines (site-local, 6to4 relays, IPv4-compatible), and what clouds put somewhere inside.
"""

import ipaddress

# Blocks, of which the first, the second and the last address are attacked.
BLOCKS = {
    "this network": "0.0.0.0/8",
    "private use, class A": "10.0.0.0/8",
    "carrier-grade NAT": "100.64.0.0/10",
    "loopback": "127.0.0.0/8",
    "link-local": "169.254.0.0/16",
    "private use, class B": "172.16.0.0/12",
    "protocol assignments": "192.0.0.0/24",
    "documentation 1": "192.0.2.0/24",
    "6to4 relays": "192.88.99.0/24",
    "private use, class C": "192.168.0.0/16",
    "benchmark": "198.18.0.0/15",
    "documentation 2": "198.51.100.0/24",
    "documentation 3": "203.0.113.0/24",
    "multicast": "224.0.0.0/4",
    "administratively scoped multicast": "239.0.0.0/8",
    "reserved": "240.0.0.0/4",
    "IPv6 unspecified and loopback": "::/127",
    "IPv4-compatible loopback": "::127.0.0.0/104",
    "IPv4-compatible": "::10.0.0.0/104",
    "IPv4-mapped loopback": "::ffff:127.0.0.0/104",
    "IPv4-mapped private use": "::ffff:192.168.0.0/112",
    "IPv4-translated": "::ffff:0:127.0.0.0/104",
    "NAT64 of loopback": "64:ff9b::127.0.0.0/104",
    "NAT64 of a public address": "64:ff9b::808:808/128",
    "NAT64 for local use": "64:ff9b:1::/48",
    "discard only": "100::/64",
    "dummy prefix": "100:0:0:1::/64",
    "protocol assignments, IPv6": "2001:100::/24",
    "Teredo": "2001::/32",
    "benchmark, IPv6": "2001:2::/48",
    "ORCHID": "2001:10::/28",
    "documentation, IPv6": "2001:db8::/32",
    "6to4 of loopback": "2002:7f00::/24",
    "6to4 of private use": "2002:a00::/24",
    "6to4 of a public address": "2002:808:808::/48",
    "documentation, IPv6, new": "3fff::/20",
    "unassigned": "4000::/3",
    "segment routing": "5f00::/16",
    "unique-local, central": "fc00::/8",
    "unique-local": "fd00::/8",
    "link-local, IPv6": "fe80::/10",
    "site-local": "fec0::/10",
    "multicast, IPv6": "ff00::/8",
}

# Single addresses that hold a door open.
SERVICES = {
    "broadcast": "255.255.255.255",
    "EC2 metadata": "169.254.169.254",
    "EC2 metadata over IPv6": "fd00:ec2::254",
    "EC2 metadata, IPv4-mapped": "::ffff:169.254.169.254",
    "EC2 metadata, IPv4-compatible": "::169.254.169.254",
    "EC2 metadata through NAT64": "64:ff9b::169.254.169.254",
    "EC2 metadata through local NAT64": "64:ff9b:1::169.254.169.254",
    "EC2 metadata through 6to4": "2002:a9fe:a9fe::",
    "EC2 metadata through Teredo": "2001:0:a9fe:a9fe::5601:5601",
    "EC2 name server": "169.254.169.253",
    "EC2 name server over IPv6": "fd00:ec2::253",
    "EC2 time": "169.254.169.123",
    "ECS credentials": "169.254.170.2",
    "EKS credentials": "169.254.170.23",
    "EKS credentials over IPv6": "fd00:ec2::23",
    "Lambda's X-Ray daemon": "169.254.100.1",
    "Azure's wire server": "168.63.129.16",
    "Alibaba's metadata": "100.100.100.200",
    "Oracle's metadata": "192.0.0.192",
    "Google's metadata over IPv6": "fd20:ce::254",
}


def addresses() -> dict[str, str]:
    """Return every forbidden address that is attacked, with its name."""
    found: dict[str, str] = {}
    for name, block in BLOCKS.items():
        network = ipaddress.ip_network(block)
        places = {"first": network[0], "next": network[min(1, network.num_addresses - 1)]}
        for place, address in {**places, "last": network[-1]}.items():
            if address not in found.values():
                found[f"{name}, {place}"] = str(address)
    return {**found, **SERVICES}


def bracketed(address: str) -> str:
    """Return an address as a URL writes it."""
    return f"[{address}]" if ":" in address else address


NAMESERVER = "127.0.0.53"
# The domain in which the resolver goes on searching for a name that there is none of.
SEARCHED = "search.example"

# The hosts of the test's own, at addresses that are public: all that may be connected to.
HOST = "93.184.216.34"
HOST6 = "2606:4700::1111"
OTHER = "93.184.216.37"
BLACKHOLE = "93.184.216.36"
# Public addresses to which there is no way.
UNREACHABLE = ipaddress.ip_network("93.185.0.0/16")
REFUSING = str(UNREACHABLE[1])
# Where a host of that name answers.
PUBLIC = "public.example"

_SPECIAL = tuple(ipaddress.ip_network(block) for block in (*BLOCKS.values(), *SERVICES.values()))
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_ALLOWED = frozenset({HOST, HOST6, OTHER, BLACKHOLE})


def is_foreign(address: str) -> bool:
    """Tell an address that is none of the test's own hosts."""
    return address not in _ALLOWED and ipaddress.ip_address(address) not in UNREACHABLE


def is_special(address: str) -> bool:
    """Tell an address of the tables above, or one of IPv6 that is no global unicast address."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    if parsed.version == 6 and parsed not in _GLOBAL_UNICAST:
        return True
    return any(parsed.version == block.version and parsed in block for block in _SPECIAL)
