"""The API key is asked for once, and goes nowhere else."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.agreement import agree
from tests.browser.pictures import picture
from tests.browser.service import KEY, Service
from tests.browser.site import Site


def enter(site: Site[Service], key: str) -> None:
    site.page.get_by_label("Key", exact=True).fill(key)
    site.page.get_by_role("button", name="Use this key").click()


def test_the_key_is_asked_for_once_and_kept_for_the_session(
    new_site: Callable[..., Site[Service]],
) -> None:
    site = new_site(key=False)
    site.choose([picture("a.png"), picture("b.png"), picture("c.png"), picture("d.png")])
    dialog = site.page.get_by_role("dialog", name="API key")
    expect(dialog).to_be_visible()
    expect(site.page.get_by_label("Key", exact=True)).to_be_focused()
    expect(site.page.get_by_text("Waits for the API key")).to_have_count(3)
    expect(site.page.get_by_text("Uploading")).to_have_count(0)
    enter(site, KEY)
    site.expect_states(labelled=4)
    site.reload()
    site.choose([picture("e.png")])
    site.expect_states(labelled=5)
    expect(dialog).to_be_hidden()
    assert site.page.evaluate("localStorage.getItem('imagelabeller-key')") is None
    # Another tab is another session.
    other = site.context.new_page()
    other.goto(site.service.url)
    assert other.evaluate("sessionStorage.getItem('imagelabeller-key')") is None


def test_the_key_outlives_the_tab_where_the_user_says_so(
    new_site: Callable[..., Site[Service]],
) -> None:
    site = new_site(key=False)
    site.page.get_by_role("button", name="API key").click()
    site.page.get_by_label("Remember it on this device").check()
    enter(site, KEY)
    site.expect_spoken("The key is set.")
    assert site.page.evaluate("localStorage.getItem('imagelabeller-key')") == KEY
    assert site.page.evaluate("sessionStorage.getItem('imagelabeller-key')") is None
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    # It is forgotten when the user says so, too.
    site.page.get_by_role("button", name="API key").click()
    site.page.get_by_role("button", name="Forget the key").click()
    site.expect_spoken("The key is forgotten.")
    assert site.page.evaluate("localStorage.getItem('imagelabeller-key')") is None


def test_a_wrong_key_is_reported_and_the_pictures_go_on_with_the_right_one(
    new_site: Callable[..., Site[Service]],
) -> None:
    site = new_site(key=False)
    site.choose([picture("a.png")])
    enter(site, "another-key")
    field = site.page.get_by_label("Key", exact=True)
    expect(field).to_have_accessible_description(
        "The key was not accepted. Check it and enter it again."
    )
    site.page.get_by_role("button", name="Use this key").click()
    expect(field).to_have_accessible_description("Enter the key, or choose “Not now”.")
    site.page.get_by_role("button", name="Not now").click()
    expect(site.card("a.png")).to_contain_text("The API key is missing or was not accepted")
    site.page.get_by_role("button", name="API key").click()
    enter(site, KEY)
    site.expect_states(labelled=1)


def test_a_key_that_stops_to_be_accepted_is_asked_for_while_pictures_wait(
    site: Site[Service],
) -> None:
    site.service.asleep = True
    site.choose([picture("a.png")])
    site.expect_states(waiting=1)
    site.service.key = "a-later-key"
    expect(site.page.get_by_role("dialog", name="API key")).to_be_visible()
    site.page.get_by_role("button", name="Not now").click()
    expect(site.card("a.png")).to_contain_text("Enter the API key to see its labels.")
    site.page.get_by_role("button", name="API key").click()
    enter(site, "a-later-key")
    site.service.asleep = False
    site.expect_states(labelled=1)
    agree(site)


def test_what_can_be_no_key_is_refused_at_once(new_site: Callable[..., Site[Service]]) -> None:
    site = new_site(key=False)
    site.choose([picture("a.png")])
    for text in ("ключ", f"{KEY}\u200b", "two words"):
        enter(site, text)
        expect(site.page.get_by_label("Key", exact=True)).to_have_accessible_description(
            "A key has no spaces, and no letters beyond A to Z. Copy it again."
        )
    enter(site, f" {KEY}\n")
    site.expect_states(labelled=1)


def test_what_is_pasted_into_the_dialog_is_no_picture(site: Site[Service]) -> None:
    site.page.get_by_role("button", name="API key").click()
    site.page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", "https://example.org/cat.jpg");
          const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true });
          document.body.dispatchEvent(paste);
        }"""
    )
    site.page.get_by_role("button", name="Not now").click()
    expect(site.page.locator("#results")).to_be_hidden()
    assert not site.service.requests["POST /submit-image 202"]


def test_no_key_is_asked_for_where_the_api_wants_none(
    new_site: Callable[..., Site[Service]],
) -> None:
    site = new_site(key=False)
    site.service.key = None
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    expect(site.page.get_by_role("dialog")).to_be_hidden()
