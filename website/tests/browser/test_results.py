"""What can be done with labels: a threshold, a filter, JSON, curl, CSV, withdrawal."""

import csv
import io
import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.agreement import agree
from tests.browser.pictures import photo, picture, text
from tests.browser.service import KEY, LABELS, Fault, Service
from tests.browser.site import Site


def saved(site: Site[Service], button: str) -> str:
    """Return what a button saves."""
    with site.page.expect_download() as download:
        site.page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_a_threshold_hides_labels_here_and_in_downloads_and_is_kept(site: Site[Service]) -> None:
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    slider = site.page.get_by_label("Labels of at least")
    for value, shown, detail in (("15", 2, "2 more below 15%"), ("60", 0, "No label reaches 60%.")):
        slider.fill(value)
        expect(site.card("a.png").locator(".labels li")).to_have_count(shown)
        expect(site.card("a.png")).to_contain_text(detail)
        [answer] = json.loads(saved(site, "Download JSON"))
        assert len(answer["Labels"]) == shown
    site.reload()
    expect(slider).to_have_value("60")
    expect(site.page.get_by_role("img", name="No label reaches 60%")).to_be_attached()


def test_a_filter_shows_some_pictures(site: Site[Service]) -> None:
    site.choose([picture("a.png"), text("b.txt")])
    site.expect_states(labelled=1, refused=1)
    for choice, names in {
        "labelled": ["a.png"],
        "not labelled": ["b.txt"],
        "in progress": [],
        "all pictures": ["a.png", "b.txt"],
    }.items():
        site.page.get_by_label("Show").select_option(choice)
        shown = site.page.locator(".card").filter(visible=True).get_by_role("heading")
        expect(shown).to_have_text(names)


def test_a_filter_hides_no_picture_that_has_the_focus(site: Site[Service]) -> None:
    # Given a picture that was refused, and a filter.
    site.service.faults = [Fault("POST bucket", "refused", times=1)]
    site.choose([picture("a.png")])
    site.expect_states(refused=1)
    site.page.get_by_label("Show").select_option("not labelled")
    # When it is retried, and gets labels, then it stays where the user is.
    site.page.get_by_role("button", name="Retry a.png").click()
    site.expect_states(labelled=1)
    expect(site.page.get_by_role("heading", name="a.png")).to_be_focused()
    expect(site.card("a.png")).to_be_visible()


def test_pictures_and_labels_are_printed_and_nothing_else(
    site: Site[Service], screenshots: Path
) -> None:
    site.choose([photo("chelsea"), photo("coffee")])
    site.expect_states(labelled=2)
    site.page.emulate_media(media="print", color_scheme="dark")
    site.page.screenshot(path=screenshots / "print.png", full_page=True)
    expect(site.card("chelsea.jpg").locator(".labels li").first).to_be_visible()
    assert site.page.get_by_role("button").filter(visible=True).count() == 0
    background = "getComputedStyle(document.body).backgroundColor"
    assert site.page.evaluate(background) == "rgb(255, 255, 255)"


def test_the_json_and_the_curl_line_are_copied(site: Site[Service]) -> None:
    site.context.grant_permissions(["clipboard-read", "clipboard-write"])
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    site.page.get_by_text("JSON and curl").click()
    [identifier] = site.service.rows
    site.page.get_by_role("button", name="Copy JSON of a.png").click()
    site.expect_spoken("The JSON is copied.")
    copied = site.page.evaluate("navigator.clipboard.readText()")
    assert json.loads(copied) == site.service.look_up(identifier)
    site.page.get_by_role("button", name="Copy curl line of a.png").click()
    site.expect_spoken("The curl line is copied.")
    line = site.page.evaluate("navigator.clipboard.readText()")
    address = f"{site.service.url}/get-image-label?imageId={identifier}"
    assert line == f"""curl -H "x-api-key: $IMAGELABELLER_API_KEY" '{address}'"""
    assert KEY not in site.page.content()


def test_the_csv_has_every_picture(site: Site[Service]) -> None:
    site.choose([picture("a.png"), text("b.txt")])
    site.expect_states(labelled=1, refused=1)
    written = saved(site, "Download CSV")
    assert written.startswith("\ufeff")
    first, second = csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert first["Picture"] == "a.png"
    for number, (name, confidence) in enumerate(LABELS, start=1):
        assert (first[f"Label {number}"], float(first[f"Confidence {number}"])) == (
            name,
            confidence,
        )
    assert second["Status"] == "refused"
    assert second["Reason"] == "This type of file cannot be labelled"


def test_no_cell_of_the_csv_is_a_formula(site: Site[Service]) -> None:
    names = ["=1+1.png", "+1.png", "-1.png", "@SUM(1).png", "\t=1.png", '=1,"2.png', "a.png"]
    written = site.page.evaluate(
        """async (names) => (await import("/export.js")).toCsv(
          names.map((name) => ({ name, state: "queued" })), 0)""",
        names,
    ).removeprefix("\ufeff")
    rows = csv.DictReader(io.StringIO(written, newline=""))
    cells = [f"'{name}" for name in names]
    cells[names.index("\t=1.png")] = r"\u0009=1.png"
    cells[-1] = "a.png"
    assert [row["Picture"] for row in rows] == cells
    assert not re.search(r'(^|,)"?[=+\-@\t]', written, re.MULTILINE)


def test_a_name_turns_no_text_around_and_breaks_none(site: Site[Service]) -> None:
    # Given a name that ends in gpj.exe where it is shown from right to left, and one of two lines.
    names = {"photo\u202egpj.exe": r"photo\u202egpj.exe", "a\u2028b.png": r"a\u2028b.png"}
    site.choose([picture(name) for name in names])
    site.expect_states(labelled=2)
    # Then the page and the CSV show what is in it, isolated from the text around it,
    for visible in names.values():
        heading = site.page.get_by_role("heading", name=visible, exact=True)
        expect(heading).to_have_attribute("title", visible)
        expect(heading.locator("bdi")).to_have_text(visible)
        expect(site.page.get_by_role("button", name=f"Withdraw {visible}")).to_be_visible()
    written = saved(site, "Download CSV")
    rows = csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert [row["Picture"] for row in rows] == list(names.values())
    # and the JSON does, too, of which programs read the name as it is.
    written = saved(site, "Download JSON")
    assert [each["Picture"] for each in json.loads(written)] == list(names)
    assert not re.search("[\u2028\u202e]", written)


def test_a_long_name_is_shown_with_its_beginning_and_its_end(site: Site[Service]) -> None:
    name = f"{'holiday ' * 30}0001.jpg"
    site.choose([picture(name)])
    site.expect_states(labelled=1)
    heading = site.page.get_by_role("heading", name=re.compile("^holiday .*….* 0001.jpg$"))
    assert len(heading.inner_text()) == 60
    expect(heading).to_have_attribute("title", name)
    assert json.loads(saved(site, "Download JSON"))[0]["Picture"] == name


def test_credentials_in_an_address_go_nowhere(site: Site[Service]) -> None:
    site.give_urls("https://user:secret@example.org/cat.jpg https://user@example.org/dog.jpg")
    site.expect_states(refused=2)
    expect(site.card("cat.jpg")).to_contain_text("no user name, password")
    site.expect_spoken("cat.jpg: This is not a usable web address.")
    kept = json.dumps(site.records())
    for written in (kept, saved(site, "Download CSV"), saved(site, "Download JSON")):
        assert "https://example.org/cat.jpg" in written
        assert "user" not in written
    assert "secret" not in site.page.content()
    assert not site.service.rows


def test_a_withdrawn_picture_is_gone_here_and_there(site: Site[Service]) -> None:
    site.choose([picture("a.png"), picture("b.png")])
    site.expect_states(labelled=2)
    site.page.get_by_role("button", name="Withdraw a.png").click()
    site.page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(site.card("a.png")).to_have_count(0)
    expect(site.page.get_by_role("heading", name="b.png")).to_be_focused()
    site.expect_spoken("a.png is withdrawn.")
    agree(site)
    assert len(site.service.objects) == 1
    site.page.get_by_role("button", name="Withdraw all").click()
    site.page.get_by_role("dialog").get_by_role("button", name="Withdraw all").click()
    site.expect_spoken("1 picture withdrawn.")
    expect(site.page.get_by_role("button", name="Choose pictures")).to_be_focused()
    assert not site.service.rows
    assert not site.service.objects
    site.reload()
    expect(site.page.locator("#results")).to_be_hidden()


def test_a_picture_is_kept_where_the_user_thinks_again(site: Site[Service]) -> None:
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    site.page.get_by_role("button", name="Withdraw a.png").click()
    site.page.get_by_role("button", name="Keep").click()
    site.expect_states(labelled=1)
    agree(site)


def test_a_picture_is_withdrawn_while_it_is_uploaded(site: Site[Service]) -> None:
    site.service.bucket_seconds = 2
    site.choose([picture("a.png")])
    site.page.get_by_role("button", name="Withdraw a.png").click()
    site.page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(site.card("a.png")).to_have_count(0)
    assert site.service.rows == {}


def test_a_withdrawal_that_fails_leaves_the_picture_and_says_so(site: Site[Service]) -> None:
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    site.service.faults = [Fault("DELETE /submit-image", "too-many-requests", retry_after=3600)]
    site.page.get_by_role("button", name="Withdraw a.png").click()
    site.page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(site.page.locator("#notice")).to_contain_text("a.png could not be withdrawn.")
    site.expect_states(labelled=1)
    agree(site)


def test_a_picture_that_was_refused_is_not_submitted_since_its_withdrawal_fails(
    site: Site[Service],
) -> None:
    # Given a picture that was uploaded and refused.
    site.choose([picture("a.png", refused="too-many-pixels")])
    site.expect_states(refused=1)
    submitted = site.service.requests.copy()
    # When its withdrawal fails.
    site.service.faults = [Fault("DELETE /submit-image", "too-many-requests", retry_after=3600)]
    site.page.get_by_role("button", name="Withdraw a.png").click()
    site.page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(site.page.locator("#notice")).to_contain_text("a.png could not be withdrawn.")
    # Then it is refused as before,
    site.expect_states(refused=1)
    expect(site.card("a.png")).to_contain_text("The picture has too many pixels")
    # and nothing was asked but the withdrawal.
    asked = site.service.requests - submitted
    assert set(asked) == {"DELETE /submit-image 429"}
