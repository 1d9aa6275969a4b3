"""The page for people, and the API under its name, where the website is deployed."""

import re

import pytest

from system_tests.answers import PROBLEM
from system_tests.page import Page
from system_tests.system import System

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


@pytest.fixture
def page(system: System) -> Page:
    if system.page is None:
        pytest.skip(f"{system.settings.stacks.website} is not deployed: there is no page")
    return system.page


def test_the_page_and_its_files_are_served(page: Page) -> None:
    document = page.get()
    assert document.status_code == 200
    assert document.headers["Content-Type"].startswith("text/html")
    assert document.headers["Cache-Control"] == "no-cache"

    files = sorted(set(re.findall(r'"(assets/[0-9a-f]+/[^"]+)"', document.text)))
    assert files
    for file in files:
        answer = page.get(file)
        assert answer.status_code == 200, file
        assert "immutable" in answer.headers["Cache-Control"], file


def test_the_headers_limit_what_the_page_may_do(page: Page) -> None:
    headers = page.get().headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert re.match(r"max-age=\d{8}", headers["Strict-Transport-Security"])


def test_the_bucket_behind_the_page_shows_nothing_else(page: Page) -> None:
    assert page.get("assets/").status_code == 403


def test_the_apis_answer_under_the_page_s_name(page: Page, system: System) -> None:
    modes = set(system.auth_modes.values())
    if "IAM" in modes:
        pytest.skip("AuthMode=IAM: a signature covers the API's own name, so no page can use it")
    if modes == {"ApiKey"}:
        for path in ("get-image-label?imageId=x", "submit-image?url=https://example.com/x.jpg"):
            stranger = page.get(path)
            assert (stranger.status_code, problem(stranger.json())) == (403, "forbidden"), path

    answer = page.get("get-image-label?imageId=x", system.lookup_api.auth)

    assert (answer.status_code, problem(answer.json())) == (400, "invalid-image-id")
    assert answer.headers["Cache-Control"] == "no-store"


def problem(body: dict[str, str]) -> str:
    return body["type"].removeprefix(PROBLEM)
