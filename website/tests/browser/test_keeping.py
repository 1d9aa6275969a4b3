"""A browser that keeps less than it could, or keeps what earlier pages wrote."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.pictures import picture, text
from tests.browser.service import Service
from tests.browser.site import Site

PUT = """
  (records) => new Promise((resolve) => {
    const opening = indexedDB.open("imagelabeller");
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("records", "readwrite");
      for (const each of records) transaction.objectStore("records").put(each, each.id);
      transaction.oncomplete = () => { opening.result.close(); resolve(); };
    };
  })
"""


def record(name: str, **more: Any) -> dict[str, Any]:
    """Return what the browser's database has of a picture that waits for its turn."""
    absent = dict.fromkeys(["url", "uploadId", "imageId", "replaced", "submittedAt", "problem"])
    return {"id": name, "batch": 1, "order": 0, "name": name, "state": "queued", **absent, **more}


def test_pictures_get_labels_where_the_browser_has_no_room(site: Site[Service]) -> None:
    # Given a browser that keeps nothing more for this page.
    devtools = site.context.new_cdp_session(site.page)
    full = {"origin": site.service.url, "quotaSize": 1}
    devtools.send("Storage.overrideQuotaForOrigin", full)
    # When pictures are added, then they get labels or their reason.
    site.choose([picture("a.png"), text("b.txt")])
    site.give_urls("https://example.org/cat.jpg")
    site.expect_states(labelled=2, refused=1)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.service.url})


def test_pictures_get_labels_after_the_browsers_data_were_deleted(site: Site[Service]) -> None:
    # Given that the user deletes what the browser keeps while the page is open.
    devtools = site.context.new_cdp_session(site.page)
    what = {"origin": site.service.url, "storageTypes": "indexeddb"}
    devtools.send("Storage.clearDataForOrigin", what)
    # When pictures are added, then they get labels or their reason.
    site.choose([picture("a.png"), text("b.txt")])
    site.expect_states(labelled=1, refused=1)


def test_the_page_works_where_it_may_keep_nothing(
    new_site: Callable[..., Site[Service]],
) -> None:
    # Given a browser that forbids this page all storage.
    site = new_site(key=False, viewport={"width": 1280, "height": 720})
    site.context.add_init_script(
        """const error = () => new DOMException("", "SecurityError");
        for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
          Object.defineProperty(window, name, { get() { throw error(); } });
        }
        for (const name of ["request", "query"]) {
          LockManager.prototype[name] = () => Promise.reject(error());
        }"""
    )
    site.reload()
    # When a picture is added, then the key is asked for once and it gets labels.
    site.choose([picture("a.png"), picture("b.png")])
    site.page.get_by_label("Key", exact=True).fill(site.service.key or "")
    site.page.get_by_role("button", name="Use this key").click()
    site.expect_states(labelled=2)


def test_a_tab_with_an_earlier_page_is_named_as_what_is_in_the_way(site: Site[Service]) -> None:
    # Given a tab whose page does not give its connection to the database up.
    earlier = site.hold_database()
    # When the page is opened, then it says what to do, and offers nothing that it cannot do yet,
    site.page.reload()
    expect(site.page.locator("#earlier")).to_contain_text("Close the other tab")
    expect(site.page.get_by_role("button", name="Choose pictures")).to_be_hidden()
    site.page.get_by_role("button", name="API key").click()
    site.page.get_by_role("button", name="Not now").click()
    # and goes on as soon as that is done.
    earlier.close()
    site.wait_until_ready()
    expect(site.page.locator("#earlier")).to_be_hidden()
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)


def test_credentials_that_an_earlier_page_kept_are_deleted(site: Site[Service]) -> None:
    site.page.evaluate(
        PUT,
        [
            record("cat.jpg", url="https://user:secret@example.org/cat.jpg"),
            record("dog.jpg", url="https://user@example.org/dog.jpg", state="labelled", answer={}),
        ],
    )
    site.reload()
    site.expect_states(refused=1, labelled=1)
    expect(site.card("cat.jpg")).to_contain_text("no user name, password")
    kept = json.dumps(site.records())
    assert "https://example.org/cat.jpg" in kept
    assert "user" not in kept
    assert "secret" not in site.page.content()
    assert not site.service.rows


def test_files_that_the_browser_has_no_room_for_are_not_left_unasked(site: Site[Service]) -> None:
    # Given a browser that keeps nothing more, and a file that is being uploaded.
    devtools = site.context.new_cdp_session(site.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.service.url, "quotaSize": 1})
    site.service.bucket_seconds = 2
    site.choose([picture("a.png")])
    site.expect_states(uploading=1)
    # When the user, who has done something here, leaves the page.
    site.page.get_by_role("heading", name="a.png").click()
    with site.page.expect_event("dialog") as asked:
        site.page.once("dialog", lambda dialog: dialog.dismiss())
        site.page.close(run_before_unload=True)
    # Then the browser asks whether to, and the picture gets its labels where he stays.
    assert asked.value.type == "beforeunload"
    site.expect_states(labelled=1)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.service.url})


def test_an_address_that_was_being_submitted_is_not_submitted_again_unasked(
    site: Site[Service],
) -> None:
    # Given an earlier visit that ended before the answer.
    url = "https://example.org/cat.jpg"
    site.page.evaluate(PUT, [record("cat.jpg", url=url, state="submitting")])
    # When the page is opened again, then it says so,
    site.reload()
    expect(site.card("cat.jpg")).to_contain_text("No answer came back")
    assert not site.service.rows
    # and the user decides.
    site.page.get_by_role("button", name="Retry cat.jpg").click()
    site.expect_states(labelled=1)
    assert len(site.service.rows) == 1
