"""A browser, and the service that the page talks to."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.servers import running
from tests.browser.service import Service
from tests.browser.site import Site, new_context

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Starting a renderer takes longer than most tests.
    "--renderer-process-limit=1",
]
BUILD = Path(__file__).parents[2] / "build" / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser, which `make browser-tests` runs."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            # They wait for as long as a page on a busy machine takes.
            item.add_marker(pytest.mark.timeout(600))


def executable() -> str | None:
    """Return the path of Chromium: what CHROMIUM names, or what is installed."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = executable()
    if not path:
        pytest.skip(
            "There is no Chromium. Install it (apt-get install chromium), or set CHROMIUM to its"
            " path."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def origins() -> set[str]:
    """Where the page was: what is kept there is found by whoever gets the same port again."""
    return set()


@pytest.fixture
def service(origins: set[str]) -> Iterator[Service]:
    """A service at an origin that no other had."""
    while True:
        with running(Service()) as service:
            if service.url in origins:
                continue
            origins.add(service.url)
            yield service
            return


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    """A context for all tests: each has a service on ports of its own, so an origin of its own."""
    context = new_context(browser)
    # As long as a page is open, its renderer stays for the others.
    context.new_page()
    return context


@pytest.fixture
def new_site(
    browser: Browser, context: BrowserContext, service: Service
) -> Iterator[Callable[..., Site[Service]]]:
    """Open the page, in a context of its own where that has options."""
    sites: list[Site[Service]] = []
    contexts: list[BrowserContext] = []

    def open_site(*, key: bool = True, **options: object) -> Site[Service]:
        if options:
            contexts.append(new_context(browser, **options))
        site = Site(contexts[-1] if options else context, service, key=key)
        sites.append(site)
        return site

    yield open_site
    for site in sites:
        site.close()
    for each in contexts:
        each.close()
    for site in sites:
        site.check()


@pytest.fixture
def site(new_site: Callable[..., Site[Service]]) -> Site[Service]:
    """The page, by a user who has given the key."""
    return new_site()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where screenshots are kept."""
    BUILD.mkdir(parents=True, exist_ok=True)
    return BUILD
