"""A name is what it resolves to, at the moment of the connection."""

import pytest

from tests.attacks.conftest import Attempt
from tests.attacks.model import REFUSED, Attack
from tests.attacks.tables import forms, zone
from tests.attacks.tables.places import HOST


@pytest.mark.parametrize("name", [*forms.NAMES_TO_NOTHING_GOOD, *zone.INSIDE])
def test_a_name_that_leads_inside_is_refused(attempt: Attempt, name: str) -> None:
    attack = Attack(name, f"http://{name}/", REFUSED | {"remote-failed"})

    attempt("names that lead inside", attack)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", zone.MIXED)
def test_one_address_that_is_not_public_is_one_too_many(
    attempt: Attempt, name: str, scheme: str
) -> None:
    outcome = attempt("mixed answers", Attack.refused(name, f"{scheme}://{name}/cat.jpg"))

    assert outcome.result == "url-not-allowed"
    assert outcome.attempts == []


@pytest.mark.parametrize("suffix", ["", "."])
@pytest.mark.parametrize("name", zone.SEARCHED)
def test_a_name_is_not_searched_for_in_the_resolvers_domains(
    attempt: Attempt, name: str, suffix: str
) -> None:
    attack = Attack(name, f"http://{name}{suffix}/cat.jpg", frozenset({"remote-failed"}))

    outcome = attempt("names in search domains", attack)

    assert outcome.attempts == []


@pytest.mark.parametrize("name", zone.REBINDING)
def test_an_answer_that_changes_is_used_as_it_was_checked(attempt: Attempt, name: str) -> None:
    outcome = attempt("rebinding", Attack(name, f"http://{name}/cat.jpg", frozenset({"fetched"})))

    assert outcome.attempts == [HOST]


@pytest.mark.parametrize("name", zone.REBINDING)
def test_an_answer_that_changes_is_checked_again_for_each_redirect(
    attempt: Attempt, name: str
) -> None:
    to = f"http://{name}/redirect/302%3Fto=http://{name}/redirect/302%253Fto=http://{name}/"
    url = f"http://{name}/redirect/302?to={to}"

    outcome = attempt("rebinding between redirects", Attack.refused(name, url))

    assert outcome.result == "url-not-allowed"


@pytest.mark.parametrize("name", zone.DEAD)
def test_a_name_server_that_does_not_serve_is_given_up(attempt: Attempt, name: str) -> None:
    _, expected = zone.DEAD[name]

    outcome = attempt("dead name servers", Attack(name, f"http://{name}/", expected, seconds=1))

    assert outcome.attempts == []
