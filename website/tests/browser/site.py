"""The page as its user sees it, and what it must never do."""

import base64
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    Request,
    WebError,
    expect,
)

SECONDS = 1000
# On a machine that is busy with other things.
expect.set_options(timeout=120 * SECONDS)

WATCH = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
  });
  window.spoken = [];
  document.addEventListener("DOMContentLoaded", () => {
    const region = document.getElementById("speech");
    if (!region) return;
    new MutationObserver(() => window.spoken.push(region.textContent))
      .observe(region, { childList: true, characterData: true, subtree: true });
  });
"""
DROP = """
  (files) => {
    const transfer = new DataTransfer();
    for (const { name, type, size, content } of files) {
      const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes, new Uint8Array(size - bytes.length)], name, { type }));
    }
    return transfer;
  }
"""
FROM_DATABASE = """
  ([name, request]) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("imagelabeller");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction(name).objectStore(name)[request]();
      reading.onsuccess = () => { opening.result.close(); resolve(reading.result); };
    };
  })
"""


class Place(Protocol):
    """Where the page is, and what it talks to.

    Attributes:
        url: Origin of the page and the APIs.
        bucket_url: Origin of the bucket.
        key: The API key.
    """

    @property
    def url(self) -> str: ...
    @property
    def bucket_url(self) -> str: ...
    @property
    def key(self) -> str | None: ...


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Return a context whose pages are watched.

    Args:
        browser: The browser.
        options: Of the context, such as `has_touch`.
    """
    context = browser.new_context(**options)
    context.add_init_script(WATCH)
    return context


class Site[Where: Place]:
    """The page, as one user sees it.

    Args:
        context: Where it is opened.
        service: What the page talks to; with an origin that the context has not had before, the
            page finds nothing of others there.
        key: Whether the user has given the key before.
    """

    def __init__(self, context: BrowserContext, service: Where, *, key: bool) -> None:
        self.service = service
        self.context = context
        self.console: list[str] = []
        self.requested: list[str] = []
        self.violations: list[str] = []
        self.context.on("console", self._note)
        self.context.on("weberror", self._note_error)
        self.context.on("request", self._note_request)
        self.page = self.context.new_page()
        self.page.set_default_timeout(120 * SECONDS)
        self.open()
        if key and service.key:
            keep = "(key) => sessionStorage.setItem('imagelabeller-key', key)"
            self.page.evaluate(keep, service.key)

    def _note(self, message: ConsoleMessage) -> None:
        # The browser reports each response that is an error, which no page can prevent.
        if not message.text.startswith("Failed to load resource:"):
            self.console.append(f"{message.type}: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.console.append(str(error.error))

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith("blob:"):
            self.requested.append(request.url)

    def open(self) -> None:
        """Load the page, and wait until it works."""
        self.page.goto(self.service.url)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        expect(self.page.locator("body[data-ready]")).to_be_attached()

    def reload(self) -> None:
        """Load the page again, in the middle of whatever it does."""
        self.violations += self.page.evaluate("window.violations")
        self.page.reload()
        self.wait_until_ready()

    def choose(self, files: Sequence[FilePayload]) -> None:
        """Choose files."""
        self.page.set_input_files("#files", files)

    def drop(self, files: Sequence[FilePayload]) -> None:
        """Drop files. Those that end in zeros are filled up in the browser."""
        described = []
        for file in files:
            content = file["buffer"].rstrip(b"\0")
            described.append(
                {
                    "name": file["name"],
                    "type": file["mimeType"],
                    "size": len(file["buffer"]),
                    "content": base64.b64encode(content).decode(),
                }
            )
        transfer = self.page.evaluate_handle(DROP, described)
        self.page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})

    def drop_from_disk(self, path: Path) -> None:
        """Drop a file or a folder as a file manager does."""
        browser = self.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            event = {"type": step, "x": 400, "y": 300, "data": data}
            browser.send("Input.dispatchDragEvent", event)

    def give_urls(self, text: str) -> None:
        """Give addresses."""
        if not self.page.locator("#url-text").is_visible():
            self.page.locator("#urls summary").click()
        self.page.get_by_label("Addresses, one per line").fill(text)
        self.page.get_by_role("button", name="Add addresses").click()

    def card(self, name: str) -> Locator:
        """Return the card of a picture."""
        heading = self.page.get_by_role("heading", name=name, exact=True)
        return self.page.locator(".card").filter(has=heading)

    def cards(self, state: str) -> Locator:
        """Return the cards of the pictures in a state."""
        return self.page.locator(f".card[data-state={state}]")

    def expect_states(self, **numbers: int) -> None:
        """Wait until so many pictures are in each state."""
        for state, number in numbers.items():
            expect(self.cards(state)).to_have_count(number)

    def expect_at_least(self, number: int, state: str) -> None:
        """Wait until at least so many pictures are in a state."""
        expect(self.cards(state).nth(number - 1)).to_be_attached()

    def wait_until_done(self) -> None:
        """Wait until no picture is in progress."""
        expect(self.page.locator("#counts")).not_to_contain_text("in progress")
        expect(self.page.locator("#counts")).to_contain_text("picture")

    def records(self) -> list[dict[str, Any]]:
        """Return what the browser's database has."""
        found: list[dict[str, Any]] = self.page.evaluate(FROM_DATABASE, ["records", "getAll"])
        return found

    def hold_database(self) -> Page:
        """Return a tab that keeps its connection to the database until it is closed."""
        tab = self.context.new_page()
        tab.goto(f"{self.service.url}/icon.svg")
        tab.evaluate(
            """() => new Promise((resolve) => {
              indexedDB.open("imagelabeller").onsuccess = ({ target }) => {
                window.kept = target.result;
                resolve();
              };
            })"""
        )
        return tab

    def wait_until_kept(self, number: int) -> None:
        """Wait until the browser's database has so many files, less those that have labels."""
        while True:
            files = self.page.evaluate(FROM_DATABASE, ["files", "count"])
            if files + self.cards("labelled").count() >= number:
                return
            self.page.wait_for_timeout(100)

    def spoken(self) -> str:
        """Return everything that a screen reader said since the page was loaded."""
        return "\n".join(self.page.evaluate("window.spoken"))

    def expect_spoken(self, text: str) -> None:
        """Wait until a screen reader has said something, among other things."""
        said = "(text) => window.spoken.join('\\n').includes(text)"
        self.page.wait_for_function(said, arg=text)

    def states(self) -> Counter[str]:
        """Return how many pictures are in each state."""
        return Counter(record["state"] for record in self.records())

    def close(self) -> None:
        """Close the page and what it opened, with a last look at what was violated."""
        pages = [page for page in self.context.pages if page.url.startswith(self.service.url)]
        for page in pages:
            self.violations += page.evaluate("window.violations")
        for page in pages:
            page.close()
        self.context.remove_listener("console", self._note)
        self.context.remove_listener("weberror", self._note_error)
        self.context.remove_listener("request", self._note_request)
        self.context.clear_permissions()
        self.context.set_offline(offline=False)

    def check(self) -> None:
        """Fail where the page did what it must never do."""
        assert self.violations == []
        assert self.console == []
        allowed = (f"{self.service.url}/", f"{self.service.bucket_url}/")
        assert [url for url in self.requested if not url.startswith(allowed)] == []
        key = self.service.key
        assert [url for url in self.requested if key and key in url] == []
