import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from submit_image.deadline import Deadline
from submit_image.problems import RemoteFailed
from submit_image.resolver import Resolver, system_lookup
from tests.support.fetching import table


def test_all_addresses_of_a_name_are_found_in_their_order() -> None:
    resolver = Resolver(table({"a.example": ["192.0.2.1", "2001:db8::1"]}))

    assert resolver.addresses("a.example", 80, Deadline.after(30)) == ["192.0.2.1", "2001:db8::1"]


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_an_address_is_not_looked_up(address: str) -> None:
    assert Resolver(table({})).addresses(address, 80, Deadline.after(30)) == [address]


@pytest.mark.parametrize("names", [{}, {"a.example": []}])
def test_a_name_without_an_address_is_a_fault_of_the_remote(
    names: dict[str, Sequence[str]],
) -> None:
    with pytest.raises(RemoteFailed):
        Resolver(table(names)).addresses("a.example", 80, Deadline.after(30))


def test_a_name_that_the_system_cannot_encode_is_a_fault_of_the_remote() -> None:
    with pytest.raises(RemoteFailed):
        Resolver().addresses("a" * 70 + ".invalid", 80, Deadline.after(30))


@pytest.fixture
def stuck() -> Iterator[Resolver]:
    """A resolver whose look-ups hang until the test is over."""
    over = threading.Event()

    def lookup(_host: str, _port: int) -> Sequence[str]:
        over.wait(30)
        return ["192.0.2.1"]

    yield Resolver(lookup)
    over.set()


def test_a_look_up_that_hangs_is_left_behind_at_the_deadline(stuck: Resolver) -> None:
    started = time.monotonic()

    with pytest.raises(TimeoutError):
        stuck.addresses("a.example", 80, Deadline.after(0.2))

    assert time.monotonic() - started < 15  # deadline: the look-up hangs for 30 s


def test_hanging_look_ups_do_not_pile_up(stuck: Resolver) -> None:
    before = threading.active_count()

    for _ in range(10):
        with pytest.raises(TimeoutError):
            stuck.addresses("a.example", 80, Deadline.after(0.02))

    assert threading.active_count() - before <= 4


def test_a_name_is_complete_as_it_is() -> None:
    asked = []

    def lookup(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["192.0.2.1"]

    Resolver(lookup).addresses("intranet", 80, Deadline.after(30))

    assert asked == ["intranet."]


@pytest.mark.parametrize("host", ["localhost", "a.localhost"])
def test_nobody_is_asked_where_localhost_is(host: str) -> None:
    assert Resolver(table({})).addresses(host, 80, Deadline.after(30)) == ["127.0.0.1", "::1"]


def test_the_system_names_each_address_once() -> None:
    found = system_lookup("localhost", 80)

    assert set(found) <= {"127.0.0.1", "::1"}
    assert len(found) == len(set(found)) > 0
