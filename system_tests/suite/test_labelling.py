"""Pictures that are submitted get labels."""

from datetime import UTC, datetime, timedelta

import pytest

from suite import checks
from system_tests import pictures
from system_tests.answers import Answer
from system_tests.labels import is_one_of
from system_tests.system import WAYS, System, Way

CATS = ("Egyptian cat", "tabby", "tiger cat")
COFFEES = ("espresso",)


def label(system: System, name: str, content: bytes, way: Way = "POST") -> Answer:
    url = system.uploads.upload(name, content)
    return system.final(checks.accepted(system.submit(url, way), way))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("photo", "expected"), [("chelsea", CATS), ("coffee", COFFEES)])
def test_names_what_a_photograph_shows(
    system: System, labelled: list[str], photo: str, expected: tuple[str, ...], way: Way
) -> None:
    answer = label(system, f"{photo}.jpg", pictures.photo(photo), way)
    names = checks.classified(answer, system)
    best = answer.body["Labels"][0]
    waited = checks.latency(answer.body).total_seconds()
    labelled.append(f"{photo} by {way}: {best['Name']} {best['Confidence']:.2f} in {waited:.1f} s")
    assert is_one_of(names[0], expected), names


def test_labels_a_photograph_that_the_model_is_unsure_of(
    system: System, labelled: list[str]
) -> None:
    answer = label(system, "rocket.jpg", pictures.photo("rocket"))
    checks.classified(answer, system)
    best = answer.body["Labels"][0]
    labelled.append(f"rocket: {best['Name']} {best['Confidence']:.2f}")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "L"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("BMP", "RGB"),
        ("TIFF", "RGB"),
        ("JPEG", "CMYK"),
    ],
)
def test_labels_every_accepted_format(system: System, kind: str, mode: str) -> None:
    content = pictures.converted(pictures.photo("chelsea"), kind, mode)
    names = checks.classified(label(system, f"{kind}-{mode}.jpg", content), system)
    assert any(is_one_of(name, CATS) for name in names), names


def test_labels_a_picture_larger_than_the_model_takes(system: System) -> None:
    content = pictures.converted(pictures.photo("chelsea"), "JPEG", size=(6000, 4000))
    names = checks.classified(label(system, "24-megapixels.jpg", content), system)
    assert any(is_one_of(name, CATS) for name in names), names


def test_fails_a_picture_that_is_cut_short_and_says_why(system: System) -> None:
    answer = label(system, "cut-short.jpg", pictures.truncated(pictures.photo("coffee")))
    assert answer.status == 200
    body = answer.body
    assert body["Status"] == "FAILED", body
    assert body["FailureCode"] == "incomplete"
    assert body["FailureReason"]
    assert (body["ImageLabel"], body["Labels"]) == ("FAILED", [])


def test_labels_a_picture_that_lacks_its_end_and_says_so(system: System) -> None:
    most = pictures.truncated(pictures.photo("coffee"), 0.8)
    answer = label(system, "most-of-it.jpg", most)
    names = checks.classified(answer, system)
    assert any(is_one_of(name, COFFEES) for name in names), names
    assert answer.body["Incomplete"] is True


def test_knows_a_picture_as_soon_as_it_was_accepted(system: System) -> None:
    url = system.uploads.upload("at-once.jpg", pictures.photo("coffee"))
    before = datetime.now(UTC)
    image_id = checks.accepted(system.submit(url), "POST")
    answer = system.look_up(image_id)
    assert answer.status == 200
    assert answer.body["ImageId"] == image_id
    # The clocks of two machines differ.
    submitted = datetime.fromisoformat(answer.body["SubmittedAt"])
    assert abs(submitted - before) < timedelta(minutes=5)


def test_submitting_a_picture_again_makes_an_image_of_its_own(system: System) -> None:
    url = system.uploads.upload("again.jpg", pictures.photo("coffee"))
    first, second = (checks.accepted(system.submit(url), "POST") for _ in range(2))
    assert first != second
    for image_id in (first, second):
        checks.classified(system.final(image_id), system)


def test_labels_a_picture_once(system: System) -> None:
    # given a labelled picture
    answer = label(system, "once.jpg", pictures.photo("coffee"))
    checks.classified(answer, system)

    # when what waits is swept up
    system.sweep_function.invoke({})

    # then nothing about it has changed
    assert system.look_up(answer.body["ImageId"]).body == answer.body
