"""URLs that are not what they seem."""

from urllib.parse import quote

import pytest

from tests.attacks.conftest import Attempt
from tests.attacks.model import REDIRECT_REFUSED, REFUSED, Attack
from tests.attacks.tables import forms
from tests.attacks.tables.places import HOST, PUBLIC

UNFETCHED = REFUSED | {"remote-failed"}


@pytest.mark.parametrize("url", [*forms.SCHEMES, *forms.USERINFO, *forms.BACKSLASHES], ids=ascii)
def test_a_malicious_url_is_refused(attempt: Attempt, url: str) -> None:
    attempt("schemes, user names, backslashes", Attack.refused(url, url))


@pytest.mark.parametrize("url", [*forms.SCHEMES, *forms.USERINFO, *forms.BACKSLASHES], ids=ascii)
def test_a_malicious_redirect_is_refused(attempt: Attempt, url: str) -> None:
    # Some are relative references, which lead back to the host that the redirect came from.
    expected = UNFETCHED | {"image-not-available"}
    to = quote(url, safe="", errors="replace")

    outcome = attempt(
        "malicious redirects",
        Attack(url, f"http://{PUBLIC}/redirect/302?to={to}", expected),
    )

    assert set(outcome.attempts) == {HOST}


@pytest.mark.parametrize("path", [f"/..\\@{forms.INSIDE}/", f"/?to=\\\\{forms.INSIDE}\\"])
def test_a_backslash_after_the_host_changes_nothing(attempt: Attempt, path: str) -> None:
    attack = Attack(path, f"http://{PUBLIC}{path}", frozenset({"image-not-available"}))

    outcome = attempt("schemes, user names, backslashes", attack)

    assert outcome.openings == [(HOST, 80)]


@pytest.mark.parametrize("place", forms.CONTROL_PLACES)
@pytest.mark.parametrize("control", forms.CONTROLS, ids=ascii)
def test_a_control_character_is_refused(attempt: Attempt, control: str, place: str) -> None:
    # Some are nothing at all in a host's name (UTS 46), and the rest is the name of no host.
    attempt("control characters", Attack("", place.format(control), UNFETCHED))


@pytest.mark.parametrize("port", [*forms.PORTS, *forms.PORT_FORMS])
def test_a_port_other_than_the_webs_is_refused(attempt: Attempt, port: int | str) -> None:
    web = port in ("", "0080")
    expected = frozenset({"fetched"}) if web else frozenset({"invalid-url"})

    outcome = attempt("ports", Attack("", f"http://{PUBLIC}:{port}/cat.jpg", expected))

    assert outcome.openings == ([(HOST, 80)] if web else [])


@pytest.mark.parametrize("path", forms.RUNTIME_PATHS)
@pytest.mark.parametrize("host", forms.RUNTIME_HOSTS)
def test_the_functions_own_runtime_is_out_of_reach(attempt: Attempt, host: str, path: str) -> None:
    attempt("Lambda's runtime API", Attack.refused("", f"http://{host}{path}"))
    to = quote(f"http://{host}{path}", safe="")
    url = f"http://{PUBLIC}/redirect/308?to={to}"
    attempt("Lambda's runtime API", Attack("", url, REDIRECT_REFUSED))


@pytest.mark.parametrize("host", forms.HOSTS)
def test_a_host_that_is_none_is_refused(attempt: Attempt, host: str) -> None:
    attempt("hosts that are none", Attack("", f"http://{host}/", UNFETCHED))
