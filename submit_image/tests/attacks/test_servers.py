"""Servers that mean harm cost no more than the deadline and the largest file."""

from urllib.parse import quote

import pytest

from tests.attacks import certificates, sites
from tests.attacks.conftest import Attempt
from tests.attacks.model import REDIRECT_REFUSED, Attack
from tests.attacks.tables.places import BLACKHOLE, HOST, OTHER, PUBLIC

# What only a deadline ends.
SECONDS = 0.5
REDIRECTS = ("300", "301", "302", "303", "307", "308")
# Other ways to send a client elsewhere, which are not followed.
NOT_REDIRECTS = (
    "304",
    "305",
    "306",
    "201",
    "401",
    "407",
    "503",
    "101",
    "103",
    "302 Content-Location",
    "302 URI",
    "302 Link",
    "200 Location",
    "200 Refresh",
    "200 Alt-Svc",
)


@pytest.mark.parametrize("how", sites.HOSTILE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_hostile_server_is_bounded(attempt: Attempt, how: str, scheme: str) -> None:
    _, expected = sites.HOSTILE[how]
    url = f"{scheme}://{PUBLIC}/hostile/{quote(how, safe='/')}"
    seconds = SECONDS if sites.TIMEOUT in expected else 10

    attempt(f"hostile servers, {scheme}", Attack(how, url, frozenset(expected), seconds))


@pytest.mark.parametrize("name", certificates.WRONG)
def test_a_wrong_certificate_is_refused(attempt: Attempt, name: str) -> None:
    outcome = attempt(
        "wrong certificates",
        Attack(name, f"https://{name}/cat.jpg", frozenset({"remote-failed"})),
    )

    assert "certificate" in outcome.detail


def test_a_certificate_must_name_the_address(attempt: Attempt) -> None:
    outcome = attempt(
        "wrong certificates", Attack("", f"https://{OTHER}/cat.jpg", frozenset({"remote-failed"}))
    )

    assert "certificate" in outcome.detail


@pytest.mark.parametrize("name", certificates.HOSTILE)
def test_hostile_tls_is_bounded(attempt: Attempt, name: str) -> None:
    expected = frozenset({"remote-failed", "remote-timeout"})

    attempt("hostile TLS", Attack(name, f"https://{name}/cat.jpg", expected, SECONDS))


def test_a_connection_into_a_black_hole_is_given_up(attempt: Attempt) -> None:
    outcome = attempt(
        "no connection",
        Attack("", "http://blackhole.example/", frozenset({"remote-timeout"}), SECONDS),
    )

    assert set(outcome.openings) >= {(BLACKHOLE, 80)}


def test_a_connection_that_is_refused_is_given_up(attempt: Attempt) -> None:
    attempt("no connection", Attack("", "http://closed.example/", frozenset({"remote-failed"})))


def test_a_name_with_a_thousand_addresses_does_not_make_us_knock_at_each(attempt: Attempt) -> None:
    outcome = attempt(
        "no connection", Attack("", "http://thousand.example/", frozenset({"remote-failed"}))
    )

    assert 1 <= len(outcome.attempts) <= 10


@pytest.mark.parametrize("kind", NOT_REDIRECTS)
def test_what_is_no_redirect_is_not_followed(attempt: Attempt, kind: str) -> None:
    url = f"http://{PUBLIC}/redirect/{quote(kind)}?to=http://127.0.0.1/"
    expected = frozenset({"image-not-available", "remote-failed", "fetched"})

    outcome = attempt("what is no redirect", Attack(kind, url, expected))

    assert outcome.attempts == [HOST]
    assert outcome.size == 0


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "//169.254.169.254/",
        "///169.254.169.254/",
        "https://[::1]/",
        "http://instance-data/",
        "http://alias-inside.example/",
        "http://public-first.example/",
        "http://2130706433/",
        "http://127.0.0.1:9001/",
        "http://user@127.0.0.1/",
        "\\\\127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://[::ffff:7f00:1]/",
    ],
)
def test_each_kind_of_redirect_is_checked(attempt: Attempt, status: str, location: str) -> None:
    url = f"http://{PUBLIC}/redirect/{status}?to={quote(location, safe='')}"
    expected = REDIRECT_REFUSED | {"image-not-available"}

    outcome = attempt("redirects of each kind", Attack(status, url, expected))

    assert set(outcome.attempts) == {HOST}
