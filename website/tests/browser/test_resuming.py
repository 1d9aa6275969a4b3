"""A reload, and another tab, lose nothing."""

from playwright.sync_api import expect

from tests.browser.agreement import agree
from tests.browser.pictures import photo, picture
from tests.browser.service import KEY, Fault, Service
from tests.browser.site import Site


def test_what_is_done_is_there_after_a_reload(site: Site[Service]) -> None:
    site.choose([photo("chelsea")])
    site.expect_states(labelled=1)
    expect(site.card("chelsea.jpg").get_by_role("img")).to_be_visible()
    site.reload()
    site.expect_states(labelled=1)
    expect(site.card("chelsea.jpg").get_by_role("img")).to_be_visible()
    expect(site.card("chelsea.jpg")).to_contain_text("Egyptian cat")


def test_an_upload_goes_on_after_a_reload(site: Site[Service]) -> None:
    site.service.bucket_seconds = 1.5
    site.choose([picture(f"{number}.png") for number in range(5)])
    site.wait_until_kept(5)
    site.expect_at_least(1, "uploading")
    site.reload()
    site.service.bucket_seconds = 0
    site.expect_states(labelled=5)
    agree(site)


def test_a_withdrawal_goes_on_after_a_reload(site: Site[Service]) -> None:
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    site.service.faults = [
        Fault("DELETE /submit-image", "temporarily-unavailable", times=1, retry_after=60)
    ]
    site.page.get_by_role("button", name="Withdraw a.png").click()
    site.page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(site.page.locator("#notice")).to_contain_text("The service is busy")
    site.reload()
    expect(site.page.locator("#results")).to_be_hidden()
    assert not site.service.rows


def test_another_tab_leaves_the_pictures_to_the_first_until_it_takes_over(
    site: Site[Service],
) -> None:
    site.service.asleep = True
    site.choose([picture("a.png")])
    site.expect_states(waiting=1)
    other = site.context.new_page()
    other.goto(site.service.url)
    expect(other.locator("#elsewhere")).to_contain_text("open in another tab")
    other.get_by_role("button", name="Continue here").click()
    expect(other.locator(".card[data-state=waiting]")).to_have_count(1)
    expect(site.page.locator("#elsewhere")).to_be_visible()
    expect(site.page.locator("#results")).to_be_hidden()
    # What the first tab is given now is refused with an explanation, and it goes on once the other
    # is closed.
    site.choose([picture("b.png")])
    expect(site.page.locator("#notice")).to_contain_text("Nothing was added")
    expect(site.page.locator(".card")).to_have_count(1)
    other.close()
    expect(site.page.locator(".card[data-state=waiting]")).to_be_visible()
    expect(site.page.locator("#elsewhere")).to_be_hidden()


def test_another_tab_goes_on_with_the_queue_that_it_takes_over(site: Site[Service]) -> None:
    # Given pictures that are uploaded, and others that wait for their turn.
    site.service.bucket_seconds = 1.5
    site.choose([picture(f"{number}.png") for number in range(6)])
    site.wait_until_kept(6)
    site.expect_states(uploading=3, queued=3)
    # When another tab takes over, with a session and so a key of its own.
    other = site.context.new_page()
    other.goto(site.service.url)
    other.get_by_role("button", name="Continue here").click()
    other.get_by_label("Key", exact=True).fill(KEY)
    other.get_by_role("button", name="Use this key").click()
    site.service.bucket_seconds = 0
    # Then it gets the labels of all, and nothing is there twice.
    expect(other.locator(".card[data-state=labelled]")).to_have_count(6)
    assert len(site.service.rows) == 6
    agree(site)


def test_what_a_tab_learns_after_another_took_over_replaces_nothing(site: Site[Service]) -> None:
    states = site.page.evaluate(
        """async () => {
          const { Store } = await import("/store.js");
          const [first, second] = [new Store(), new Store()];
          await first.open();
          await first.saveRecord({ id: "1", state: "queued" });
          await second.open();
          await second.saveRecord({ id: "1", state: "labelled" });
          await first.saveRecord({ id: "1", state: "waiting" });
          const found = (await second.records()).map(({ state }) => state);
          await second.remove("1");
          return found;
        }"""
    )
    assert states == ["labelled"]


def test_a_file_that_the_browser_did_not_keep_is_asked_for(site: Site[Service]) -> None:
    site.page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("imagelabeller");
          opening.onsuccess = () => {
            const record = { id: "1", batch: 1, order: 0, name: "a.png", state: "uploading" };
            const transaction = opening.result.transaction("records", "readwrite");
            transaction.objectStore("records").put(record, "1");
            transaction.oncomplete = () => { opening.result.close(); resolve(); };
          };
        })"""
    )
    site.reload()
    expect(site.card("a.png")).to_contain_text("The page was closed before it had read the file")
