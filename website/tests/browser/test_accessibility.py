"""Everybody can use the page, whatever the screen, the colours and the text's size."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.agreement import agree
from tests.browser.pictures import photo, picture
from tests.browser.service import Service
from tests.browser.site import Site
from tests.browser.states import STATES, see

# Passes are not reported: describing them takes longer than finding them.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WIDTHS = (1280, 320)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# The browser draws no card that is out of sight, so that no screenshot would show it.
SHOW_ALL = """() => {
  for (const card of document.querySelectorAll(".card")) card.style.contentVisibility = "visible";
}"""
NAMES = Path(__file__).parent / "names"
# What is different each time.
CHANGING = r"[0-9a-f]{8}-[0-9a-f-]{27}|http://127\.0\.0\.1:\d+"


@pytest.mark.parametrize("state", STATES)
def test_everybody_can_use_each_state(
    new_site: Callable[..., Site[Service]], screenshots: Path, state: str
) -> None:
    site = new_site()
    site.page.emulate_media(reduced_motion="reduce")
    see(site.service)
    STATES[state](site)
    site.page.evaluate(SHOW_ALL)
    a_screen_reader_reads_what_is_noted(site, state)
    axe = Axe()
    for width in WIDTHS:
        for scheme in SCHEMES:
            site.page.set_viewport_size({"width": width, "height": 800})
            site.page.emulate_media(color_scheme=scheme)
            path = screenshots / f"{state}-{width}-{scheme}.png"
            site.page.screenshot(path=path, full_page=True)
            found = axe.run(site.page, options=RULES)
            assert found.violations_count == 0, found.generate_report()
            # From now on the page has its half a megabyte.
            axe = Axe("null")
            nothing_is_cut_off(site)
    site.page.evaluate("document.documentElement.style.fontSize = '200%'")
    site.page.screenshot(path=screenshots / f"{state}-320-large.png", full_page=True)
    nothing_is_cut_off(site)
    no_word_is_broken(site)


def a_screen_reader_reads_what_is_noted(site: Site[Service], state: str) -> None:
    """Compare accessible names; after a change that is meant, NAMES=update notes them again."""
    noted = NAMES / f"{state}.yml"
    snapshot = re.sub(CHANGING, "…", site.page.locator("body").aria_snapshot()) + "\n"
    # What is being said depends on the moment.
    snapshot = re.sub(r"^- status.*\n", "", snapshot, flags=re.MULTILINE)
    if os.environ.get("NAMES") == "update":
        noted.parent.mkdir(exist_ok=True)
        noted.write_text(snapshot, encoding="utf-8")
    assert snapshot == noted.read_text(encoding="utf-8")


def nothing_is_cut_off(site: Site[Service]) -> None:
    """Fail where somebody would have to scroll sideways, or does not see the end of a text."""
    page = site.page
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main *, dialog[open] *")]
          .filter((each) => each.checkVisibility() && !each.closest(".unseen, .thumbnail, svg"))
          .filter((each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1)
          .filter((each) => getComputedStyle(each).overflowX !== "visible")
          .map((each) => each.outerHTML)"""
    )
    assert cut == []


def no_word_is_broken(site: Site[Service]) -> None:
    """Fail where a word of an open dialog takes two lines."""
    broken = site.page.evaluate(
        """() => {
          const dialog = document.querySelector("dialog[open]") ?? new Text();
          const texts = document.createTreeWalker(dialog, NodeFilter.SHOW_TEXT);
          const broken = [];
          while (texts.nextNode()) {
            for (const { 0: word, index } of texts.currentNode.data.matchAll(/\\p{L}+/gu)) {
              const range = document.createRange();
              range.setStart(texts.currentNode, index);
              range.setEnd(texts.currentNode, index + word.length);
              if (range.getClientRects().length > 1) broken.push(word);
            }
          }
          return broken;
        }"""
    )
    assert broken == []


def test_there_is_one_live_region_and_it_reports_each_change(site: Site[Service]) -> None:
    live = "[aria-live], [role=status], [role=alert], [role=log], output"
    assert site.page.locator(live).count() == 1
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    site.page.get_by_label("Show").select_option("labelled")
    site.expect_spoken("1 picture shown.")
    for said in ("1 picture added.", "a.png: Egyptian cat, 54.4%."):
        assert said in site.spoken()
    # A hundred pictures do not talk over each other.
    site.page.evaluate(
        """async () => {
          const { sayResult } = await import("/speech.js");
          for (let number = 0; number < 100; number += 1) {
            sayResult(`${number}.png: Egyptian cat.`);
          }
        }"""
    )
    site.expect_spoken("1 picture: 1 labelled.")
    assert ".png: Egyptian cat. " not in site.spoken()


def test_pictures_are_added_by_keyboard_alone(new_site: Callable[..., Site[Service]]) -> None:
    site = new_site(key=False)
    site.service.asleep = True
    keyboard = site.page.keyboard
    # Choose pictures, and enter the key.
    with site.page.expect_file_chooser() as chooser:
        tab_to(site, "Choose pictures")
        keyboard.press("Enter")
    chooser.value.set_files([photo("chelsea"), picture("half.png", fails="model-busy")])
    expect(site.page.get_by_label("Key", exact=True)).to_be_focused()
    keyboard.type(site.service.key or "")
    tab_to(site, "Remember it")
    keyboard.press("Space")
    expect(site.page.get_by_label("Remember it")).to_be_checked()
    keyboard.press("Tab")
    keyboard.press("Enter")
    site.service.asleep = False
    site.expect_states(labelled=1, failed=1)
    # Give an address.
    tab_to(site, "Or give addresses")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.type("https://example.org/cat.jpg")
    keyboard.press("Tab")
    keyboard.press("Enter")
    site.expect_states(labelled=2, failed=1)
    tab_to(site, "API key")
    keyboard.press("Enter")
    expect(site.page.get_by_role("dialog", name="API key")).to_be_visible()
    keyboard.press("Escape")
    expect(site.page.get_by_role("button", name="API key")).to_be_focused()


def test_results_are_used_by_keyboard_alone(site: Site[Service]) -> None:
    keyboard = site.page.keyboard
    site.choose([photo("chelsea"), picture("half.png", fails="model-busy")])
    site.expect_states(labelled=1, failed=1)
    # Threshold, filter, downloads, details.
    tab_to(site, "Labels of at least")
    keyboard.press("End")
    expect(site.card("chelsea.jpg")).to_contain_text("No label reaches 95%.")
    keyboard.press("Home")
    tab_to(site, "Show")
    keyboard.press("End")
    expect(site.cards("labelled").first).to_be_hidden()
    keyboard.press("Home")
    with site.page.expect_download():
        tab_to(site, "Download CSV")
        keyboard.press("Enter")
    tab_to(site, "JSON and curl of chelsea.jpg")
    keyboard.press("Enter")
    expect(site.card("chelsea.jpg").locator(".curl")).to_be_visible()
    # Retry, withdraw one, withdraw all.
    tab_to(site, "Retry half.png")
    keyboard.press("Enter")
    expect(site.page.get_by_role("heading", name="half.png")).to_be_focused()
    site.expect_states(failed=1, labelled=1)
    tab_to(site, "Withdraw half.png")
    keyboard.press("Enter")
    expect(site.page.get_by_role("button", name="Keep")).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(site.card("half.png")).to_have_count(0)
    agree(site)
    tab_to(site, "Withdraw all")
    keyboard.press("Enter")
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(site.page.get_by_role("button", name="Choose pictures")).to_be_focused()
    assert site.service.rows == {}


def tab_to(site: Site[Service], name: str) -> None:
    """Press Tab until something has the focus that begins with a name."""
    for _ in range(80):
        site.page.keyboard.press("Tab")
        focused = site.page.locator(":focus")
        if focused.count() and f'"{name}' in focused.aria_snapshot().splitlines()[0]:
            return
        if focused.count() and focused.inner_text().replace("\n", " ").startswith(name):
            return
    raise AssertionError(f"Tab does not reach {name}.")
