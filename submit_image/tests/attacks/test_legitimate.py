"""What must work in the same network in which the attacks fail."""

import pytest

from tests.attacks.conftest import Attempt
from tests.attacks.model import Attack
from tests.attacks.tables.places import HOST, HOST6, PUBLIC
from tests.support.pictures import JPEG

FETCHED = frozenset({"fetched"})
GROUP = "legitimate fetches"


@pytest.mark.parametrize(
    ("url", "connected"),
    [
        (f"http://{PUBLIC}/cat.jpg", [HOST]),
        (f"http://{PUBLIC}./cat.jpg", [HOST]),
        (f"http://{PUBLIC.upper()}:80/cat.jpg#part", [HOST]),
        (f"http://{PUBLIC}/chunked.jpg", [HOST]),
        (f"http://{PUBLIC}/until-close.jpg", [HOST]),
        (f"http://{PUBLIC}/stays-open.jpg", [HOST]),
        (f"https://{PUBLIC}/cat.jpg", [HOST]),
        (f"https://{PUBLIC}:443/chunked.jpg", [HOST]),
        (f"https://{PUBLIC}/until-close.jpg", [HOST]),
        ("https://alias.example/cat.jpg", [HOST]),
        ("https://b\u00fccher.example/cat.jpg", [HOST]),
        (f"http://{HOST}/cat.jpg", [HOST]),
        (f"https://{HOST}/cat.jpg", [HOST]),
        (f"http://[{HOST6}]/cat.jpg", [HOST6]),
        (f"https://[{HOST6}]/cat.jpg", [HOST6]),
        ("http://ipv6.example/cat.jpg", [HOST6]),
        ("https://ipv6.example/cat.jpg", [HOST6]),
        *((f"http://{PUBLIC}/redirect/{s}?to=/cat.jpg", [HOST] * 2) for s in (301, 302, 303)),
        *((f"http://{PUBLIC}/redirect/{s}?to=cat.jpg/../../cat.jpg", [HOST] * 2) for s in (307,)),
        (f"http://{PUBLIC}/redirect/308?to=https://ipv6.example/cat.jpg", [HOST, HOST6]),
        (f"https://{PUBLIC}/redirect/302?to=//{HOST}/cat.jpg", [HOST, HOST]),
    ],
)
def test_a_picture_is_fetched(attempt: Attempt, url: str, connected: list[str]) -> None:
    outcome = attempt(GROUP, Attack("", url, FETCHED))

    assert outcome.size == len(JPEG)
    assert outcome.attempts == connected
    assert {address for address, _ in outcome.openings} == set(connected)


@pytest.mark.parametrize(
    "name", ["both.example", "first-refuses.example", "first-is-silent.example"]
)
def test_the_next_address_is_tried_when_one_does_not_answer(attempt: Attempt, name: str) -> None:
    outcome = attempt(GROUP, Attack("", f"http://{name}/cat.jpg", FETCHED))

    assert outcome.attempts[-1] in (HOST, HOST6)


def test_five_redirects_are_followed_and_a_sixth_is_not(attempt: Attempt) -> None:
    def redirects(count: int) -> str:
        return f"http://{PUBLIC}/" + "redirect/302?to=/" * count + "cat.jpg"

    assert attempt(GROUP, Attack("", redirects(5), FETCHED)).attempts == [HOST] * 6
    too_many = Attack("", redirects(6), frozenset({"too-many-redirects"}))
    assert attempt("redirects of each kind", too_many).attempts == [HOST] * 6


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_largest_file_is_fetched_and_a_byte_more_is_not(attempt: Attempt, scheme: str) -> None:
    largest = attempt(GROUP, Attack("", f"{scheme}://{PUBLIC}/largest", FETCHED))
    attempt(
        f"hostile servers, {scheme}",
        Attack("", f"{scheme}://{PUBLIC}/too-large", frozenset({"image-too-large"})),
    )

    assert largest.size == 10 * 2**20
