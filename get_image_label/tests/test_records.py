import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from get_image_label.records import describe, has_expired
from get_image_label.row import READ
from tests.fakes import CLASSIFIED, IMAGE_ID, NOW

WAITING = {"Id": IMAGE_ID, "Status": "NOT_CLASSIFIED", "Label": "NOT_CLASSIFIED"}


def test_describes_a_labelled_image() -> None:
    assert describe(CLASSIFIED) == {
        "ImageId": IMAGE_ID,
        "Status": "CLASSIFIED",
        "ImageLabel": "espresso, coffee mug",
        "Labels": [
            {"Name": "espresso", "Confidence": 0.89},
            {"Name": "coffee mug", "Confidence": 0.03},
        ],
        "Model": {"Name": "inception-v3", "Version": "1.0.0"},
        "SubmittedAt": "2026-11-23T07:51:11.123Z",
        "ClassifiedAt": "2026-11-23T07:51:12.456Z",
    }


def test_describes_an_image_that_waits() -> None:
    assert describe({**WAITING, "SubmittedAt": "2026-11-23T07:51:11.123Z"}) == {
        "ImageId": IMAGE_ID,
        "Status": "NOT_CLASSIFIED",
        "ImageLabel": "NOT_CLASSIFIED",
        "Labels": [],
        "SubmittedAt": "2026-11-23T07:51:11.123Z",
    }


def test_describes_an_image_that_failed() -> None:
    assert describe(
        {
            **WAITING,
            "Status": "FAILED",
            "Label": "FAILED",
            "FailureCode": "undecodable",
            "FailureReason": "The image is truncated.",
        }
    ) == {
        "ImageId": IMAGE_ID,
        "Status": "FAILED",
        "ImageLabel": "FAILED",
        "Labels": [],
        "FailureCode": "undecodable",
        "FailureReason": "The image is truncated.",
    }


@pytest.mark.parametrize("label", ["NOT_CLASSIFIED", "FAILED", None])
def test_a_client_that_knows_the_label_alone_does_not_ask_for_ever(label: str | None) -> None:
    # given a row that failed, as it is written now, and as it was written before
    row = {"Id": IMAGE_ID, "Status": "FAILED"} | ({"Label": label} if label else {})

    # when a client of Atlassian's tutorial looks it up, which polls while there is no label
    answer = describe(row)["ImageLabel"]

    # then
    assert answer == "FAILED"


def test_says_that_a_picture_was_labelled_without_a_part_of_it() -> None:
    assert describe({**CLASSIFIED, "Incomplete": True})["Incomplete"] is True
    assert "Incomplete" not in describe(CLASSIFIED)
    assert "Incomplete" not in describe({**WAITING, "Incomplete": True})


@pytest.mark.parametrize(
    ("row", "status", "label"),
    [
        ({"Id": IMAGE_ID}, "NOT_CLASSIFIED", "NOT_CLASSIFIED"),
        ({"Id": IMAGE_ID, "Label": "NOT_CLASSIFIED"}, "NOT_CLASSIFIED", "NOT_CLASSIFIED"),
        ({"Id": IMAGE_ID, "Label": "pug, bull mastiff"}, "CLASSIFIED", "pug, bull mastiff"),
        ({"Id": IMAGE_ID, "Status": "CLASSIFIED", "Label": "pug"}, "CLASSIFIED", "pug"),
        ({"Id": IMAGE_ID, "Label": "FAILED"}, "FAILED", "FAILED"),
    ],
)
def test_takes_a_row_without_the_attributes_that_came_later(
    row: dict[str, Any], status: str, label: str
) -> None:
    assert describe(row) == {
        "ImageId": IMAGE_ID,
        "Status": status,
        "ImageLabel": label,
        "Labels": [],
    }


def test_joins_the_names_of_a_row_that_lacks_the_joined_label() -> None:
    row = {key: value for key, value in CLASSIFIED.items() if key != "Label"}
    assert describe(row)["ImageLabel"] == "espresso, coffee mug"


@pytest.mark.parametrize("status", ["NOT_CLASSIFIED", "FAILED"])
def test_shows_labels_only_of_a_labelled_image(status: str) -> None:
    body = describe({**CLASSIFIED, "Status": status})
    assert (body["Labels"], body["ImageLabel"]) == ([], status)


def test_never_shows_where_an_image_came_from() -> None:
    row = {**CLASSIFIED, "SourceUrl": "https://example.com/?X-Amz-Signature=secret"}
    assert "secret" not in json.dumps(describe(row))
    assert "SourceUrl" not in READ


@pytest.mark.parametrize(
    "confidence", ["0", "1", "1E-30", "0.33333333333333333333333333333333333333"]
)
def test_turns_every_confidence_into_a_json_number(confidence: str) -> None:
    row = {**CLASSIFIED, "Labels": [{"Name": "pug", "Confidence": Decimal(confidence)}]}
    assert json.loads(json.dumps(describe(row)))["Labels"][0]["Confidence"] == float(confidence)


def test_describes_a_model_whose_version_was_stored_as_a_number() -> None:
    row = {**CLASSIFIED, "Model": {"Name": "lite", "Version": Decimal(2)}}
    assert describe(row)["Model"] == {"Name": "lite", "Version": "2"}


def test_refuses_a_status_it_does_not_know_rather_than_guessing() -> None:
    with pytest.raises(ValueError, match="LABELLED"):
        describe({**CLASSIFIED, "Status": "LABELLED"})


@pytest.mark.parametrize(
    ("expires_at", "expired"),
    [(NOW - 1, True), (NOW, True), (NOW + 1, False)],
)
def test_expires_in_the_second_it_names(expires_at: float, *, expired: bool) -> None:
    assert has_expired({"ExpiresAt": Decimal(expires_at)}, NOW) is expired


def test_never_expires_without_a_time() -> None:
    assert not has_expired({}, NOW)


class Spy(dict[str, Any]):
    """A row that remembers which of its attributes were looked at."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__(row)
        self.read: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)


def test_what_is_read_of_a_row_is_what_its_description_says() -> None:
    row = Spy(CLASSIFIED)

    describe(row)
    has_expired(row, NOW)

    assert row.read == set(READ)
