"""From pictures to labels, in each way that pictures arrive."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.agreement import agree
from tests.browser.pictures import photo, picture, text
from tests.browser.service import Service
from tests.browser.site import Site


def test_a_chosen_photograph_gets_labels(site: Site[Service]) -> None:
    site.choose([photo("chelsea")])
    site.expect_states(labelled=1)
    card = site.card("chelsea.jpg")
    expect(card.locator(".labels li")).to_contain_text(
        ["Egyptian cat", "tiger cat", "tabby", "lynx"]
    )
    expect(card.locator(".confidence")).to_have_text(["54.4%", "18.1%", "11.2%", "1.1%"])
    expect(
        card.get_by_role("img", name="Probably Egyptian cat, tiger cat, tabby, or lynx")
    ).to_be_visible()
    site.expect_spoken("chelsea.jpg: Egyptian cat, 54.4%.")
    agree(site)


def test_dropped_pictures_get_labels(site: Site[Service]) -> None:
    site.drop([picture("a.png"), picture("b.png")])
    site.expect_states(labelled=2)
    agree(site)


def test_a_folder_is_dropped_with_the_pictures_in_it(
    new_site: Callable[..., Site[Service]], tmp_path: Path
) -> None:
    # In a context that had many pages before, a drag did not always reach the page.
    site = new_site(viewport={"width": 1280, "height": 720})
    folder = tmp_path / "holiday"
    (folder / "beach").mkdir(parents=True)
    for file in (picture("beach/a.png"), picture("b.png"), text("letter.txt")):
        (folder / file["name"]).write_bytes(file["buffer"])
    site.drop_from_disk(folder)
    site.expect_states(labelled=2)
    site.expect_spoken("1 file was left out: not pictures.")
    agree(site)


def test_results_that_come_at_once_hide_no_other_message(site: Site[Service]) -> None:
    site.choose([text(f"{number}.txt") for number in range(6)])
    site.expect_states(refused=6)
    site.expect_spoken("6 pictures added.")
    site.expect_spoken("6 not labelled")
    assert "5.txt:" not in site.spoken()


def test_what_cannot_be_read_keeps_no_other_of_its_folder_from_being_added(
    site: Site[Service],
) -> None:
    # Given a folder with pictures, one of them unreadable, and an unreadable folder.
    site.page.evaluate(
        """(bytes) => {
          const refuse = (_, failed) => failed(new DOMException("", "NotReadableError"));
          const file = (name) => ({ isFile: true, isDirectory: false, name, file: refuse });
          const readable = (name) => ({
            ...file(name), file: (found) => found(new File([Uint8Array.from(bytes)], name)),
          });
          const folder = (name, read) => ({
            isFile: false, isDirectory: true, name, createReader: () => ({ readEntries: read }),
          });
          const entries = [readable("a.png"), file("b.png"), file("c.txt"), folder("d", refuse),
            readable("e.png")];
          const read = (found) => found(entries.splice(0));
          DataTransferItem.prototype.webkitGetAsEntry = () => folder("holiday", read);
        }""",
        list(picture("a.png")["buffer"]),
    )
    # When it is dropped, then the others get labels, and these say why they do not.
    site.drop([picture("holiday")])
    site.expect_states(labelled=2, refused=2)
    for name in ("b.png", "d"):
        expect(site.card(name)).to_contain_text("The file cannot be read")
    expect(site.page.locator("#notice")).to_have_text("1 file was left out: not pictures.")


def test_a_pasted_picture_and_pasted_addresses_get_labels(site: Site[Service]) -> None:
    for content in ("file", "https://example.org/one.jpg and https://example.org/two.jpg"):
        site.page.evaluate(
            """(content) => {
              const clipboardData = new DataTransfer();
              const bytes = Uint8Array.of(0xff, 0xd8, 0xff);
              const file = new File([bytes], "image.jpg", { type: "image/jpeg" });
              if (content === "file") clipboardData.items.add(file);
              else clipboardData.setData("text", content);
              const event = new ClipboardEvent("paste", { clipboardData, bubbles: true });
              document.body.dispatchEvent(event);
            }""",
            content,
        )
    site.expect_states(labelled=3)
    assert sorted(row.source for row in site.service.rows.values()) == [
        "https://example.org/one.jpg",
        "https://example.org/two.jpg",
        "upload",
    ]


def test_an_address_gets_labels_and_what_is_no_address_stays(site: Site[Service]) -> None:
    site.give_urls("https://example.org/cat.jpg\nexample.org/dog.jpg")
    site.expect_states(labelled=1)
    field = site.page.get_by_label("Addresses, one per line")
    expect(field).to_have_value("example.org/dog.jpg")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "An address begins with http:// or https://. Correct what is left here."
    )


def test_a_photograph_is_taken_where_the_screen_is_touched(
    new_site: Callable[..., Site[Service]],
) -> None:
    site = new_site(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    expect(site.page.get_by_role("button", name="Take a photograph")).to_be_visible()
    expect(site.page.locator("#camera")).to_have_attribute("capture", "environment")
    site.page.set_input_files("#camera", [photo("coffee")])
    site.expect_states(labelled=1)


def test_what_cannot_be_labelled_says_why(site: Site[Service]) -> None:
    site.service.max_bytes = 5000
    site.drop(
        [
            text("letter.txt"),
            picture("large.png", size=6000),
            picture("half.png", fails="incomplete"),
            picture("empty.png", size=0),
            picture("gigapixel.png", refused="too-many-pixels"),
        ]
    )
    site.give_urls("http://localhost/x.jpg https://example.org/missing.jpg")
    site.expect_states(refused=6, failed=1)
    for name, words in {
        "letter.txt": ("This type of file cannot be labelled", "Use JPEG"),
        "large.png": ("file is too large", "Save it smaller", "more than 5000 bytes"),
        "empty.png": ("The file is empty", "fetch it again"),
        "gigapixel.png": ("too many pixels", "At most 50 million", "Details of too-many-pixels"),
        "half.png": ("Half of the picture or more is missing", "fetch it again"),
        "x.jpg": ("This address is not on the public web", "drop the file here"),
        "missing.jpg": ("There is no picture at this address", "answered with 404"),
    }.items():
        for part in words:
            expect(site.card(name)).to_contain_text(part)
    assert site.page.get_by_role("button", name="Retry missing.jpg").is_visible()
    assert not site.page.get_by_role("button", name="Retry letter.txt").is_visible()
    agree(site)
