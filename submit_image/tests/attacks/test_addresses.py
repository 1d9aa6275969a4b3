"""Whatever an address is called, it is not connected to unless it is public."""

from urllib.parse import quote

import pytest

from tests.attacks.conftest import Attempt
from tests.attacks.model import REDIRECT_REFUSED, REFUSED, Attack
from tests.attacks.tables import notations, places, zone
from tests.attacks.tables.places import PUBLIC, bracketed

ADDRESSES = places.addresses()
HOSTS = notations.hosts()


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_special_address_is_refused_as_a_literal(attempt: Attempt, name: str) -> None:
    url = f"http://{bracketed(ADDRESSES[name])}/cat.jpg"

    outcome = attempt("special addresses", Attack.refused(name, url))

    assert outcome.openings == []
    assert ADDRESSES[name] not in outcome.detail


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_special_address_is_refused_behind_a_name(attempt: Attempt, name: str) -> None:
    url = f"http://{zone.pointer(ADDRESSES[name])}/cat.jpg"

    outcome = attempt("names of special addresses", Attack.refused(name, url))

    assert ADDRESSES[name] not in outcome.detail


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_special_address_is_refused_behind_a_redirect(
    attempt: Attempt, name: str, scheme: str
) -> None:
    target = quote(f"{scheme}://{bracketed(ADDRESSES[name])}/", safe="")
    url = f"http://{PUBLIC}/redirect/302?to={target}"

    outcome = attempt("redirects to special addresses", Attack.refused(name, url))

    assert outcome.openings == [(places.HOST, 80)]


@pytest.mark.parametrize("name", HOSTS)
def test_no_notation_makes_an_address_acceptable(attempt: Attempt, name: str) -> None:
    attempt("notations", Attack(name, f"http://{HOSTS[name]}/cat.jpg", refused(name)))


@pytest.mark.parametrize("name", HOSTS)
def test_no_notation_makes_an_address_acceptable_behind_a_redirect(
    attempt: Attempt, name: str
) -> None:
    url = f"http://{PUBLIC}/redirect/307?to={quote(f'http://{HOSTS[name]}/', safe='')}"

    outcome = attempt("redirects to notations", Attack(name, url, REDIRECT_REFUSED))

    assert "redirects" in outcome.detail or name.startswith(notations.NAMES)
    assert outcome.openings == [(places.HOST, 80)]


def refused(name: str) -> frozenset[str]:
    return REFUSED | {"remote-failed"} if name.startswith(notations.NAMES) else REFUSED
