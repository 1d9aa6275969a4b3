"""Whatever fails on the way, each picture ends with its labels or with a reason."""

from itertools import pairwise

from playwright.sync_api import expect

from tests.browser.agreement import agree
from tests.browser.pictures import picture, text
from tests.browser.service import KEY, Fault, Service
from tests.browser.site import Site

# What a client can meet, each often enough to meet a hundred pictures.
FAULTS = [
    Fault("POST /uploads", "too-many-requests", every=9, times=3),
    Fault("POST /uploads", "reset", every=13, times=3),
    Fault("POST /uploads", "lost", every=17, times=3),
    Fault("POST /uploads", "internal-error", every=19, times=2),
    Fault("POST bucket", "reset", every=7, times=6),
    Fault("POST bucket", "lost", every=11, times=5),
    Fault("POST bucket", "expired", every=13, times=4),
    Fault("POST bucket", "temporarily-unavailable", every=17, times=3),
    Fault("POST /submit-image", "lost", every=8, times=5),
    Fault("POST /submit-image", "temporarily-unavailable", every=10, times=3),
    Fault("POST /submit-image", "too-many-requests", every=11, times=2),
    Fault("GET /get-image-label", "too-many-requests", every=13, times=2),
    Fault("GET /get-image-label", "lost", every=17, times=4),
    Fault("GET /get-image-label", "temporarily-unavailable", every=19, times=4),
]


def test_of_a_hundred_pictures_none_is_lost_whatever_fails(site: Site[Service]) -> None:
    # Given every fault that a client can meet, and a model that sleeps.
    service = site.service
    service.faults = FAULTS
    service.asleep = True
    good = [picture(f"good-{number}.png", size=30_000) for number in range(94)]
    failing = [picture(f"half-{number}.png", fails="incomplete") for number in range(3)]
    letters = [text(f"letter-{number}.txt") for number in range(3)]
    # When a hundred pictures are dropped, and the page is reloaded in the middle.
    site.drop([*good, *failing, *letters])
    expect(site.page.locator("#counts")).to_contain_text("100 pictures")
    site.wait_until_kept(100)
    site.expect_at_least(25, "waiting")
    site.reload()
    expect(site.page.locator("#counts")).to_contain_text("100 pictures")
    service.asleep = False
    site.wait_until_done()
    # Then each has its labels or its reason.
    records = site.records()
    states = {record["name"]: record["state"] for record in records}
    assert states == (
        {file["name"]: "labelled" for file in good}
        | {file["name"]: "failed" for file in failing}
        | {file["name"]: "refused" for file in letters}
    )
    assert {r["problem"]["type"] for r in records if r["problem"]} == {"unsupported-image"}
    agree(site)
    # What a lost answer offered is used by nobody, and nothing was uploaded there.
    assert set(service.objects) == set(service.rows)
    assert all(service.injected().values()), service.injected()


def test_a_429_stops_all_requests_for_as_long_as_it_asks(site: Site[Service]) -> None:
    site.service.faults = [Fault("POST /uploads", "too-many-requests", times=1, retry_after=3)]
    site.choose([picture(f"{number}.png") for number in range(4)])
    site.expect_states(labelled=4)
    asked = site.service.asked_at["POST /uploads"]
    # Three are sent at a time: no further one left while the API asked to wait.
    assert len([at for at in asked if at - asked[0] < 2.9]) <= 3
    assert len(asked) == 5


def test_a_503_is_repeated_when_its_time_has_come(site: Site[Service]) -> None:
    fault = Fault("GET /get-image-label", "temporarily-unavailable", times=1, retry_after=3)
    site.service.faults = [fault]
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    first, second = site.service.asked_at["GET /get-image-label"]
    assert second - first >= 2.9


def test_a_look_up_is_repeated_when_retry_after_says(site: Site[Service]) -> None:
    site.service.label_seconds = 4
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    asked = site.service.asked_at["GET /get-image-label"]
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert gaps
    assert min(gaps) >= 0.95


def test_a_model_that_sleeps_is_reported_as_starting(site: Site[Service]) -> None:
    site.service.asleep = True
    site.choose([picture("a.png")])
    expect(site.card("a.png")).to_contain_text("The model is still starting")
    site.expect_spoken("The model is still starting, which can take a few minutes.")
    site.service.asleep = False
    site.expect_states(labelled=1)


def test_a_quota_that_is_used_up_is_reported_and_not_waited_for(site: Site[Service]) -> None:
    site.service.faults = [Fault("POST /uploads", "too-many-requests", times=1, retry_after=3600)]
    site.choose([picture("a.png")])
    expect(site.card("a.png")).to_contain_text("Too many pictures for now")
    site.page.get_by_role("button", name="Retry a.png").click()
    site.expect_states(labelled=1)
    agree(site)


def test_an_address_whose_answer_is_lost_is_not_submitted_again_unasked(
    site: Site[Service],
) -> None:
    site.service.faults = [Fault("POST /submit-image", "lost", times=1)]
    site.give_urls("https://example.org/cat.jpg")
    expect(site.card("cat.jpg")).to_contain_text("No answer came back")
    assert len(site.service.rows) == 1
    site.page.get_by_role("button", name="Retry cat.jpg").click()
    site.expect_states(labelled=1)
    assert len(site.service.rows) == 2


def test_an_upload_that_is_never_accepted_says_so(site: Site[Service]) -> None:
    site.service.faults = [Fault("POST bucket", "refused", times=1)]
    site.choose([picture("a.png")])
    expect(site.card("a.png")).to_contain_text("The storage did not accept the upload")
    site.page.get_by_role("button", name="Retry a.png").click()
    site.expect_states(labelled=1)
    agree(site)


def test_all_that_can_be_retried_is_retried_at_once(site: Site[Service]) -> None:
    # Given two pictures that another attempt can help, and one that it cannot.
    site.service.faults = [Fault("POST bucket", "refused", times=2)]
    retry_all = site.page.get_by_role("button", name="Retry all")
    site.choose([picture("a.png"), text("b.txt")])
    site.expect_states(refused=2)
    expect(retry_all).to_be_hidden()
    site.choose([picture("c.png")])
    site.expect_states(refused=3)
    # When all are retried, then these two get labels.
    retry_all.click()
    site.expect_states(labelled=2, refused=1)
    expect(retry_all).to_be_hidden()
    agree(site)


def test_a_picture_that_is_deleted_while_it_waits_says_so(site: Site[Service]) -> None:
    site.service.asleep = True
    site.choose([picture("a.png")])
    site.expect_states(waiting=1)
    site.service.rows.clear()
    site.expect_states(refused=1)
    expect(site.card("a.png")).to_contain_text("The picture is no longer stored")


def test_a_picture_that_is_labelled_in_part_says_so(site: Site[Service]) -> None:
    site.service.incomplete = True
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    expect(site.card("a.png")).to_contain_text("A part of the picture is missing from its file.")


def test_a_picture_that_the_model_failed_is_submitted_as_another(site: Site[Service]) -> None:
    site.choose([picture("a.png", fails="model-failed")])
    expect(site.card("a.png")).to_contain_text("The model failed")
    [first] = site.service.rows
    site.page.get_by_role("button", name="Retry a.png").click()
    while first in site.service.rows or not site.service.rows:
        site.page.wait_for_timeout(50)
    site.expect_states(failed=1)
    agree(site)


def test_without_a_connection_it_goes_on_when_there_is_one(site: Site[Service]) -> None:
    site.service.asleep = True
    site.choose([picture("a.png")])
    site.expect_states(waiting=1)
    site.context.set_offline(True)
    expect(site.page.locator("#notice")).to_contain_text("The service cannot be reached.")
    site.context.set_offline(False)
    site.service.asleep = False
    site.expect_states(labelled=1)


def test_a_bucket_that_refuses_the_pages_address_is_no_lost_connection(
    site: Site[Service],
) -> None:
    # Given the page at another name of the same server, which the bucket does not know.
    there = site.service.url.replace("127.0.0.1", "localhost")
    site.page.goto(there)
    site.wait_until_ready()
    site.page.evaluate("(key) => sessionStorage.setItem('imagelabeller-key', key)", KEY)
    # When a picture is added there.
    site.choose([picture("a.png")])
    # Then the page says what is wrong, and what to open.
    expect(site.card("a.png")).to_contain_text("accepts no uploads from a page at this address")
    expect(site.card("a.png")).to_contain_text("Open the page at the address that you were given")
    # The browser reports each upload that it keeps back, which no page can prevent.
    assert all("blocked by CORS policy" in message for message in site.console)
    site.console.clear()
    site.requested = [url for url in site.requested if not url.startswith(there)]


def test_an_upload_that_waits_for_a_connection_says_so(site: Site[Service]) -> None:
    site.service.faults = [Fault("POST /uploads", "reset", times=2)]
    site.page.evaluate(
        """() => {
          window.shown = [];
          new MutationObserver(() => {
            const status = document.querySelector(".card .status");
            if (status) window.shown.push(status.textContent);
          }).observe(document.body, { childList: true, characterData: true, subtree: true });
        }"""
    )
    site.choose([picture("a.png")])
    site.expect_states(labelled=1)
    shown = site.page.evaluate("window.shown")
    waits = shown.index("Waits for a connection to the service")
    assert not any(text.startswith("Uploading") for text in shown[:waits])
