"""The page and the client explain whatever the APIs and the labeller can answer."""

import re
from typing import Any

import pytest
import yaml
from imagelabeller.errors import TYPES

from tests.project import PROJECT

WORDS = (PROJECT / "website/page/words.js").read_text(encoding="utf-8")
APIS = ("submit_image", "get_image_label")
URN = re.compile(r"urn:imagelabeller:problem:([a-z-]+)")
SLUG = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")


ENTRY = re.compile(
    r'^  "([a-z-]+)": {\s+title: "([^"]+)",\s+advice: "([^"]+)",\s+retry: (true|false) },$',
    re.MULTILINE,
)
AGAIN, OTHERWISE = True, False
# For each type, what its title and its advice must say, and whether another attempt may succeed.
ADVICE = {
    "forbidden": ("key", "enter the key", AGAIN),
    "image-not-available": ("no picture at this address", "Open the address", AGAIN),
    "image-too-large": ("file is too large", "Save it smaller", OTHERWISE),
    "internal-error": ("on our side", "Try again", AGAIN),
    "invalid-image": ("damaged", "save it again", OTHERWISE),
    "invalid-image-id": ("number is not valid", "add the picture again", OTHERWISE),
    "invalid-request": ("did not understand", "Reload this page", AGAIN),
    "invalid-url": ("not a usable web address", "must begin with http", OTHERWISE),
    "remote-failed": ("other website could not be reached", "Check the address", AGAIN),
    "remote-timeout": ("other website took too long", "Try again later", AGAIN),
    "request-too-large": ("request was too large", "Shorten the address", OTHERWISE),
    "temporarily-unavailable": ("busy", "try again", AGAIN),
    "timeout": ("service took too long", "try again", AGAIN),
    "too-many-pixels": ("too many pixels", "Scale it down", OTHERWISE),
    "too-many-redirects": ("from page to page", "address of the picture itself", OTHERWISE),
    "too-many-requests": ("Too many pictures for now", "allowance", AGAIN),
    "unknown-image": ("no longer stored", "Add it again", OTHERWISE),
    "unknown-upload": ("upload did not arrive", "uploaded once more", AGAIN),
    "unsupported-image": ("type of file", "Use JPEG", OTHERWISE),
    "url-not-allowed": ("not on the public web", "drop the file", OTHERWISE),
}


def entries(name: str) -> dict[str, tuple[str, str, bool]]:
    """Return title, advice and whether to retry, of each type that one of the page's lists has."""
    found = re.search(rf"^export const {name} = {{$(.*?)^}};$", WORDS, re.DOTALL | re.MULTILINE)
    assert found
    listed = {
        slug: (title, advice, retry == "true")
        for slug, title, advice, retry in ENTRY.findall(found[1])
    }
    assert len(listed) == len(re.findall(r'^  "', found[1], re.MULTILINE))
    return listed


def explained(name: str) -> set[str]:
    """Return what one of the page's lists explains."""
    return set(entries(name))


def pixels(path: str) -> int:
    """Return how many pixels a component takes."""
    source = (PROJECT / path).read_text(encoding="utf-8")
    found = re.search(r"^MAX_PIXELS = ([\d_]+)$", source, re.MULTILINE)
    assert found
    return int(found[1])


def problems(node: Any) -> set[str]:
    """Return the types of problems that the responses in a part of an OpenAPI document name."""
    if isinstance(node, list):
        return set().union(*map(problems, node))
    if not isinstance(node, dict):
        return set(URN.findall(str(node)))
    found = set().union(*map(problems, node.values()))
    if "application/problem+json" in node.get("content", {}):
        # A type of one word stands before a colon or in parentheses.
        text = node["description"]
        found |= set(SLUG.findall(text))
        found |= set(re.findall(r"^([a-z]+):", text)) | set(re.findall(r"\(([a-z]+)\)", text))
    return found


@pytest.fixture(scope="module")
def documented() -> set[str]:
    """The types of problems that the APIs' documents name."""
    documents = (yaml.safe_load((PROJECT / api / "openapi.yml").read_text()) for api in APIS)
    return set().union(*map(problems, documents))


def test_the_page_explains_every_problem_of_the_openapi_documents(documented: set[str]) -> None:
    assert explained("PROBLEMS") == documented


def test_each_problem_has_advice_of_its_own_that_fits_it() -> None:
    problems = entries("PROBLEMS")
    assert set(ADVICE) == set(problems)
    for slug, (in_title, in_advice, again) in ADVICE.items():
        title, advice, retry = problems[slug]
        assert in_title in title
        assert in_advice in advice
        assert retry is again
    assert len({title for title, _, _ in problems.values()}) == len(problems)


def test_the_advice_for_too_many_pixels_has_the_limit() -> None:
    taken = pixels("submit_image/src/submit_image/formats/limits.py")
    assert taken == pixels("invoke_labeller/src/invoke_labeller/sizes.py")
    for name in ("PROBLEMS", "FAILURES"):
        _, advice, _ = entries(name)["too-many-pixels"]
        found = re.fullmatch(
            r"At most (\d+) million are taken, such as (\d+) by (\d+)\. .+", advice
        )
        assert found
        assert int(found[1]) * 1_000_000 == int(found[2]) * int(found[3]) == taken


def test_the_client_has_an_exception_for_every_problem_of_the_openapi_documents(
    documented: set[str],
) -> None:
    assert set(TYPES) == documented


def test_the_page_explains_every_failure_code_of_the_labeller() -> None:
    source = (PROJECT / "invoke_labeller/src/invoke_labeller/failure.py").read_text()
    assert explained("FAILURES") == set(
        re.findall(r'^    [A-Z_]+ = "([a-z-]+)"$', source, re.MULTILINE)
    )


def test_the_documentation_shows_what_the_browser_tests_see() -> None:
    shown = {path.stem for path in (PROJECT / "docs/source/_static/page").iterdir()}
    source = (PROJECT / "website/tests/browser/states.py").read_text()
    states = re.findall(r"^def ([a-z]+)\(\w+: Site\b", source, re.MULTILINE)
    taken = {f"{state}-{look}" for state in states for look in ("1280-light", "320-dark")}
    assert shown <= taken


def test_each_explanation_says_what_happened_and_what_to_do() -> None:
    for name in ("PROBLEMS", "FAILURES", "LOCAL"):
        for title, advice, _ in entries(name).values():
            assert title[0].isupper()
            assert not title.endswith(".")
            assert advice.endswith(".")
