"""The built site loads nothing from other sites, and has no broken links."""

import functools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pages import DOCS, SOURCE, pages

SITE = DOCS / "build/html"
# Generated for the search and the index; nothing leads out of them that is not on another page.
PAGES = sorted(SITE.rglob("*.html"))
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}


class Reader(HTMLParser):
    """Collects what a page fetches, where its links lead, and what can be linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.fetches: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.images: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "img":
            self.images.append(given)
        fetched = given.get(FETCHED.get(tag, ""))
        if tag == "link" and given.get("rel") in (
            "stylesheet",
            "icon",
            "preload",
            "preconnect",
            "dns-prefetch",
        ):
            fetched = given.get("href")
        if fetched:
            self.fetches.append(fetched)


@functools.cache
def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text())
    return reader


def test_there_is_a_page_for_every_source() -> None:
    expected = {name.removesuffix(".md") for name in pages()}

    assert expected <= {str(path.relative_to(SITE).with_suffix("")) for path in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_fetches_only_from_its_own_site(page: Path) -> None:
    reader = read(page)

    assert [each for each in reader.fetches if re.match(r"(https?:)?//", each)] == []
    missing = [each for each in reader.fetches if not (page.parent / each.split("?")[0]).exists()]
    assert [each for each in missing if not each.startswith("data:")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_link_leads_somewhere(page: Path) -> None:
    dead = []
    for link in read(page).links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in read(target).ids):
            dead.append(link)

    assert dead == []


def test_styles_fetch_nothing() -> None:
    styles = "\n".join(path.read_text() for path in SITE.rglob("*.css"))

    assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\s]*", styles) == []


def test_links_to_elsewhere_are_encrypted() -> None:
    assert [link for page in PAGES for link in read(page).links if link.startswith("http:")] == []


def test_every_picture_says_what_it_shows() -> None:
    assert [image for page in PAGES for image in read(page).images if not image.get("alt")] == []


def test_every_diagram_is_shown() -> None:
    drawn = {path.stem for path in (SOURCE / "diagrams").glob("*.d2")}
    shown = set(re.findall(r"^```\{diagram\} (\S+)", "\n".join(pages().values()), re.M))

    assert drawn == shown


def test_no_page_names_a_machine() -> None:
    ours = [*SOURCE.rglob("*.md"), *SOURCE.rglob("*.d2"), *PAGES]
    named = {
        (path.name, found)
        for path in ours
        for found in re.findall(
            r"(?<![\w.])/(?:work|root|home|tmp|Users|opt|mnt)/(?!ml\b)[\w./-]*", path.read_text()
        )
    }

    assert named == set()
