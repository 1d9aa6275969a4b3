"""What holds of the page's files, without a browser."""

import gzip
import re
from html.parser import HTMLParser

from tests.browser.servers import PAGE

FILES = sorted(path for path in PAGE.rglob("*") if path.is_file())
MODULES = [path for path in FILES if path.suffix == ".js"]
HTML = (PAGE / "index.html").read_text(encoding="utf-8")
KILOBYTE = 1000


def test_the_page_weighs_at_most_40_kilobytes_as_it_is_sent() -> None:
    weight = sum(len(gzip.compress(path.read_bytes())) for path in FILES)
    assert weight <= 40 * KILOBYTE


def test_nothing_in_the_page_is_inline() -> None:
    found = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            names = [name for name, _ in attrs]
            if tag == "style" or "style" in names or any(name.startswith("on") for name in names):
                found.append((tag, names))
            if tag == "script" and "src" not in names:
                found.append((tag, names))

    Parser().feed(HTML)
    assert found == []


def test_every_module_is_loaded_at_once() -> None:
    preloaded = set(re.findall(r'rel="modulepreload" href="([^"]+)"', HTML)) | {"main.js"}
    imported = {
        name
        for path in MODULES
        for name in re.findall(r'from "\./([^"]+)"', path.read_text("utf-8"))
    }
    assert preloaded == imported | {"main.js"} == {path.name for path in MODULES}


def test_no_text_of_another_becomes_markup_or_code() -> None:
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function", source
        )
