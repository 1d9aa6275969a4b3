"""The states of the page that are worth looking at."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.pictures import photo, picture, text
from tests.browser.service import Fault, Service
from tests.browser.site import Site

# What EfficientNet-Lite2 says of the photographs.
SEEN = {
    "chelsea": [
        ("Egyptian cat", 0.544),
        ("tiger cat", 0.181),
        ("tabby", 0.112),
        ("lynx", 0.011),
        ("Persian cat", 0.002),
    ],
    "coffee": [
        ("espresso", 0.888),
        ("cup", 0.01),
        ("consomme", 0.009),
        ("chocolate sauce", 0.006),
        ("coffee mug", 0.004),
    ],
    "rocket": [
        ("drilling platform", 0.109),
        ("missile", 0.08),
        ("projectile", 0.055),
        ("crane", 0.019),
        ("space shuttle", 0.018),
    ],
}
PHOTOS = {photo(name)["buffer"]: labels for name, labels in SEEN.items()}


def empty(_: Site[Service]) -> None:
    """Nothing was added yet."""


def key(site: Site[Service]) -> None:
    """The key is asked for, and was wrong."""
    site.page.get_by_role("button", name="API key").click()
    site.page.get_by_role("button", name="Use this key").click()


def addresses(site: Site[Service]) -> None:
    """An address was mistyped."""
    site.give_urls("example.org/dog.jpg")


def progress(site: Site[Service]) -> None:
    """Pictures are uploaded, wait for their turn and for a model that sleeps."""
    site.service.asleep = True
    site.choose([photo("chelsea")])
    expect(site.card("chelsea.jpg")).to_contain_text("The model is still starting")
    site.service.bucket_seconds = 30
    site.choose([photo("coffee"), photo("rocket"), *(picture(f"{n}.png") for n in (1, 2, 3))])
    site.expect_states(uploading=3, queued=2)
    expect(site.page.get_by_text("Uploading, 100%")).to_have_count(3)


def results(site: Site[Service]) -> None:
    """Pictures have labels."""
    site.choose([photo("chelsea"), photo("coffee"), photo("rocket")])
    site.expect_states(labelled=3)


def failures(site: Site[Service]) -> None:
    """Pictures have none, each for another reason."""
    site.service.faults = [Fault("POST bucket", "refused", times=1)]
    site.choose([picture("holiday.png")])
    site.expect_states(refused=1)
    site.choose([picture("screenshot.png", fails="incomplete")])
    site.expect_states(failed=1, refused=1)
    site.choose([text("letter.txt")])
    site.give_urls("http://localhost/x.jpg https://example.org/missing.jpg")
    site.expect_states(failed=1, refused=4)
    site.page.locator("#urls summary").click()


def details(site: Site[Service]) -> None:
    """JSON and curl are shown."""
    results(site)
    for summary in site.page.get_by_text("JSON and curl").all()[:1]:
        summary.click()


def withdrawal(site: Site[Service]) -> None:
    """The page asks whether a picture is to be withdrawn."""
    results(site)
    site.page.get_by_role("button", name="Withdraw chelsea.jpg").click()


def elsewhere(site: Site[Service]) -> None:
    """Another tab takes care of the pictures."""
    other = site.context.new_page()
    other.goto(site.service.url)
    other.evaluate("sessionStorage.setItem('imagelabeller', 'take over')")
    other.reload()
    expect(site.page.locator("#elsewhere")).to_be_visible()


def earlier(site: Site[Service]) -> None:
    """A tab with an earlier version of the page is in the way."""
    site.hold_database()
    site.page.reload()
    expect(site.page.locator("#earlier")).to_be_visible()


STATES: dict[str, Callable[[Site[Service]], None]] = {
    function.__name__: function
    for function in (
        empty,
        key,
        addresses,
        progress,
        results,
        failures,
        details,
        withdrawal,
        elsewhere,
        earlier,
    )
}


def see(service: Service) -> None:
    """Let the service label the photographs as the model does."""
    service.labels = lambda content: PHOTOS.get(content or b"", SEEN["chelsea"])
