"""Attacks that nobody thought of: made of the parts of those that somebody did."""

import random
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attacks.conftest import Attempt
from tests.attacks.model import REFUSED, Attack
from tests.attacks.tables import forms, notations, places, zone
from tests.attacks.tables.places import PUBLIC, bracketed

REMOTE = {"remote-failed", "remote-timeout", "image-not-available", "too-many-redirects"}
ANY_ANSWER = frozenset({*REFUSED, *REMOTE, "image-too-large", "fetched"})

SCHEMES = ("http://", "https://", "HTTP://", "http:/", "http:\\\\", "//", "", "ftp://", "http:")
USERS = ("", "", "", "user@", "user:password@", f"{PUBLIC}@", f"{PUBLIC}\\@", f"{PUBLIC}#@")
PORTS = ("", "", ":80", ":443", ":9001", ":", ":080", ":65616", ":80@")
TAILS = ("", "/", "/cat.jpg", "?a=b", "#c", f"@{PUBLIC}/", f"/../{PUBLIC}", "\\", ";", "/%2e%2e/")
HOSTS = (
    PUBLIC,
    places.HOST,
    *notations.hosts().values(),
    *(bracketed(address) for address in places.addresses().values()),
    *forms.HOSTS,
    *forms.NAMES_TO_NOTHING_GOOD,
    *zone.INSIDE,
    *zone.MIXED,
)
URLS = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(SCHEMES),
    st.sampled_from(USERS),
    st.sampled_from(HOSTS)
    | st.ip_addresses().map(lambda a: bracketed(str(a)))
    | st.text(max_size=9),
    st.sampled_from(PORTS),
    st.sampled_from(TAILS) | st.text(max_size=9),
)
# The network stays the same from one example to the next.
FUZZ = settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ANSWERS = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: identity\r\n\r\nabcde",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a\r\nabc\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:80/a?b#c\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\nA: b\r\n c\r\n\r\nHTTP/1.0 200\r\nX: \xff\r\n\r\nab",
)


def damaged(url: str, seed: int) -> str:
    """Put characters that mean something to a parser where they do not belong."""
    source = random.Random(seed)  # noqa: S311 - the seed makes the test repeatable
    characters = [*url]
    for _ in range(source.randrange(3)):
        characters.insert(
            source.randrange(len(url) + 1), source.choice("\\/@:#?%[].\t\u3002\u00ad")
        )
    return "".join(characters)


@FUZZ
@given(url=URLS, seed=st.integers(0, 2**32))
def test_no_url_leads_where_it_must_not(attempt: Attempt, url: str, seed: int) -> None:
    attempt("fuzzed URLs", Attack("", damaged(url, seed), ANY_ANSWER, seconds=1, anywhere=True))


@FUZZ
@given(url=URLS, seed=st.integers(0, 2**32), status=st.sampled_from([301, 302, 303, 307, 308]))
def test_no_redirect_leads_where_it_must_not(
    attempt: Attempt, url: str, seed: int, status: int
) -> None:
    to = quote(damaged(url, seed), safe="", errors="replace")
    attack = Attack(
        "", f"http://{PUBLIC}/redirect/{status}?to={to}", ANY_ANSWER, seconds=1, anywhere=True
    )

    attempt("fuzzed redirects", attack)


@pytest.mark.parametrize("valid", ANSWERS, ids=range(len(ANSWERS)))
@settings(FUZZ, max_examples=100)
@given(seed=st.integers(0, 2**32))
def test_no_answer_is_more_than_a_fault_of_the_remote(
    attempt: Attempt, valid: bytes, seed: int
) -> None:
    source = random.Random(seed)  # noqa: S311 - the seed makes the test repeatable
    answer = bytearray(valid)
    for _ in range(source.randint(1, 6)):
        place = source.randrange(len(answer))
        answer[place : place + source.randrange(3)] = source.choice(
            (b"", bytes([source.randrange(256)]), b"\r\n", b":", b"\0", b"\xff", b"9" * 20, b",")
        )

    attempt(
        "fuzzed answers",
        Attack("", f"http://{PUBLIC}/raw/{answer.hex()}", ANY_ANSWER, anywhere=True),
    )
