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


def explained(name: str) -> set[str]:
    """Return what one of the page's lists explains."""
    found = re.search(rf"^export const {name} = {{$(.*?)^}};$", WORDS, re.DOTALL | re.MULTILINE)
    assert found
    return set(re.findall(r'^  "([a-z-]+)": {$', found[1], re.MULTILINE))


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
    entries = re.findall(r'title: "([^"]+)",\s+advice: "([^"]+)",\s+retry: (?:true|false)', WORDS)
    lists = ("PROBLEMS", "FAILURES", "LOCAL")
    # One more for what is newer than the page.
    assert len(entries) == sum(len(explained(name)) for name in lists) + 1
    for title, advice in entries:
        assert title[0].isupper()
        assert not title.endswith(".")
        assert advice.endswith(".")
