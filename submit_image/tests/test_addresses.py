import importlib
import ipaddress
import sys

import pytest
from AntiSSRF import AntiSSRFPolicy, IPAddressRanges, PolicyConfigOptions
from hypothesis import given
from hypothesis import strategies as st

from submit_image.addresses import AddressPolicy
from tests.attacks.tables.places import BLOCKS, is_special

POLICY = AddressPolicy()


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "52.216.1.1", "1.1.1.1", "2606:4700::1111", "2a00:1450::1"],
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert POLICY.refusal(address) is None


def test_the_table_is_that_of_the_librarys_own_policy() -> None:
    """What the library makes of its table when it is used as a whole."""
    theirs = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST).denied_addresses

    assert POLICY._denied == [block.get_network() for block in theirs]  # noqa: SLF001 - no look at it elsewhere


def test_a_table_that_is_missing_is_no_empty_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    monkeypatch.setattr("sys.modules", {k: v for k, v in sys.modules.items() if "SSRF" not in k})
    importlib.invalidate_caches()

    with pytest.raises(ModuleNotFoundError, match="AntiSSRF"):
        AddressPolicy()


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("10.0.0.1", "private-use"),
        ("172.16.0.1", "private-use"),
        ("172.31.255.255", "private-use"),
        ("192.168.1.1", "private-use"),
        ("::ffff:10.0.0.1", "private-use"),
        ("169.254.169.254", "link-local"),
        ("::ffff:169.254.169.254", "link-local"),
        ("169.254.100.5", "link-local"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fd00:ec2::254", "unique-local"),
        ("fc00::1", "unique-local"),
        ("100.64.0.1", "shared-address-space"),
        ("fec0::1", "site-local"),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - nothing is bound
        ("0.1.2.3", "unspecified"),
        ("::", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("ff02::1", "multicast"),
        ("192.0.2.1", "documentation"),
        ("198.51.100.1", "documentation"),
        ("203.0.113.1", "documentation"),
        ("2001:db8::1", "documentation"),
        ("3fff::1", "documentation"),
        ("198.18.0.1", "benchmarking"),
        ("2001:2::1", "benchmarking"),
        ("255.255.255.255", "special-purpose"),
        ("240.0.0.1", "special-purpose"),
        ("192.0.0.1", "special-purpose"),
        ("192.88.99.1", "special-purpose"),
        ("168.63.129.16", "special-purpose"),
        ("::127.0.0.1", "special-purpose"),
        ("::169.254.169.254", "special-purpose"),
        ("::ffff:0:127.0.0.1", "special-purpose"),
        ("64:ff9b::7f00:1", "special-purpose"),
        ("64:ff9b:1::7f00:1", "special-purpose"),
        ("2002:7f00:1::", "special-purpose"),
        ("2001:0:7f00:1::", "special-purpose"),
        ("100::1", "special-purpose"),
        ("5f00::1", "special-purpose"),
        ("4000::1", "special-purpose"),
        ("", "malformed"),
        ("localhost", "malformed"),
        ("127.1", "malformed"),
        ("0177.0.0.1", "malformed"),
    ],
)
def test_all_others_are_refused_by_their_class(address: str, refusal: str) -> None:
    assert POLICY.refusal(address) == refusal


@given(st.sampled_from(IPAddressRanges.recommended_latest), st.data())
def test_every_address_of_the_librarys_table_is_refused(block: str, data: st.DataObject) -> None:
    network = ipaddress.ip_network(block)
    offset = data.draw(st.integers(0, network.num_addresses - 1))

    assert POLICY.refusal(str(network[offset])) is not None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_ipv6_clothing_is_judged_alike(
    address: ipaddress.IPv4Address,
) -> None:
    assert POLICY.refusal(f"::ffff:{address}") == POLICY.refusal(str(address))


@given(st.text(max_size=50))
def test_what_is_no_address_is_refused_and_not_raised(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        assert POLICY.refusal(text) == "malformed"


@given(st.ip_addresses())
def test_no_address_of_a_table_of_our_own_is_allowed(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_special(str(address)):
        assert POLICY.refusal(str(address)) is not None


@given(st.sampled_from(sorted(BLOCKS.values())), st.data())
def test_no_address_of_a_special_block_is_allowed(block: str, data: st.DataObject) -> None:
    network = ipaddress.ip_network(block)
    offset = data.draw(st.integers(0, network.num_addresses - 1))

    assert POLICY.refusal(str(network[offset])) is not None
