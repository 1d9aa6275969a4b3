"""Which addresses may be connected to.

The table is that of `microsoft-antissrf`. Its session is not used, because it connects to the first
of a name's addresses only, and puts neither the name look-up nor a body that trickles in under a
deadline. So the table is loaded without the rest: the package as a whole imports `requests`, which
took a fifth of the function's start.
"""

import importlib.util
import ipaddress
from importlib.machinery import PathFinder
from types import ModuleType

# The classes that a refusal tells apart; whatever else is refused is called special-purpose.
_CLASSES = (
    "loopback",
    "private_use",
    "link_local",
    "unique_local",
    "shared_address_space",
    "site_local",
    "unspecified",
    "multicast",
    "documentation",
    "benchmarking",
)


class AddressPolicy:
    """Tells public addresses from all others."""

    def __init__(self) -> None:
        ranges = _load("AntiSSRF", "ipaddress_ranges").IPAddressRanges
        self._denied = [
            _in_ipv6(ipaddress.ip_network(block)) for block in ranges.recommended_latest
        ]
        self._classes = {
            name.replace("_", "-"): [
                _in_ipv6(ipaddress.ip_network(block)) for block in getattr(ranges, name)
            ]
            for name in _CLASSES
        }

    def refusal(self, address: str) -> str | None:
        """Say why an address must not be connected to.

        Args:
            address: An IPv4 or IPv6 address, in any notation that `ipaddress` accepts.

        Returns:
            The class of the address, such as `loopback`, or None for a public address.
        """
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return "malformed"
        if isinstance(parsed, ipaddress.IPv6Address):
            parsed = parsed.ipv4_mapped or parsed
        mapped = _in_ipv6(ipaddress.ip_network(parsed)).network_address
        # A second opinion: CPython's reading of IANA's registries also knows what is reserved,
        # such as the IPv4-compatible addresses (::127.0.0.1).
        public = parsed.is_global and not parsed.is_reserved
        if public and not any(mapped in network for network in self._denied):
            return None
        return next(
            (
                name
                for name, networks in self._classes.items()
                if any(mapped in network for network in networks)
            ),
            "special-purpose",
        )


def _load(package: str, name: str) -> ModuleType:
    """Run one module of a package, but not the package's own, which would import all others.

    Raises:
        ModuleNotFoundError: There is no such package, or no such module in it.
    """
    around = importlib.util.find_spec(package)
    places = around.submodule_search_locations if around else None
    spec = PathFinder.find_spec(f"{package}.{name}", places) if places else None
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {package}.{name}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _in_ipv6(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> ipaddress.IPv6Network:
    if isinstance(network, ipaddress.IPv6Network):
        return network
    return ipaddress.IPv6Network(f"::ffff:{network.network_address}/{network.prefixlen + 96}")
