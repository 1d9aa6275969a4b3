"""The attacks are real: clients without the rules fall for them, and the counters show it."""

from urllib.parse import quote

import pytest

from tests.attacks.conftest import not_allowed
from tests.attacks.model import Attack, Tally
from tests.attacks.namespace import Arena
from tests.attacks.tables import forms, notations, places, zone
from tests.attacks.tables.places import PUBLIC, bracketed, is_foreign

LITERALS = [f"http://{bracketed(address)}/" for address in places.addresses().values()]
GROUPS = {
    "special addresses": LITERALS,
    "names of special addresses": [
        f"http://{zone.pointer(address)}/" for address in places.addresses().values()
    ],
    "redirects": [f"http://{PUBLIC}/redirect/302?to={quote(url, safe='')}" for url in LITERALS],
    "notations": [f"http://{host}/" for host in notations.hosts().values()],
    "user names": list(forms.USERINFO),
    "names that lead inside": [f"http://{name}/" for name in zone.INSIDE],
    "mixed answers": [f"http://{name}/" for name in zone.MIXED],
    "ports": [f"http://{host}/" for host in forms.RUNTIME_HOSTS],
}
# What a careless client is made to reach, at the least; the others fail to connect.
SHARE = 0.2


@pytest.mark.parametrize("group", GROUPS)
def test_a_careless_client_falls_for_it(arena: Arena, tally: Tally, group: str) -> None:
    leaked = sum(leaks(arena, tally, "careless", url) for url in GROUPS[group])

    assert leaked >= SHARE * len(GROUPS[group])


def test_a_careless_client_searches_for_names(arena: Arena) -> None:
    for name in zone.SEARCHED:
        outcome = arena.run(Attack("", f"http://{name}/cat.jpg", frozenset()), "careless")

        assert outcome.result == "fetched"


def test_a_client_that_checks_and_then_connects_falls_for_rebinding(
    arena: Arena, tally: Tally
) -> None:
    leaked = [leaks(arena, tally, "checking", f"http://{name}/") for name in zone.REBINDING]

    # One of the names changes later than that, another lists a public address first.
    assert sum(leaked) >= len(leaked) - 2


def leaks(arena: Arena, tally: Tally, client: str, url: str) -> bool:
    outcome = arena.run(Attack("", url, frozenset(), seconds=1), client)
    leaked = bool(not_allowed(outcome, is_foreign)) and bool(outcome.openings)
    tally.control_tried += 1
    tally.control_leaked += leaked
    return leaked
