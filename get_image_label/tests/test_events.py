import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from get_image_label.events import EXAMPLE, image_id_of, is_api_request
from get_image_label.problems import InvalidImageId
from tests.fakes import IMAGE_ID
from tests.samples import http_event


@given(st.uuids(allow_nil=True))
def test_takes_a_uuid_of_any_version_from_both_kinds_of_event(uuid: UUID) -> None:
    assert image_id_of({"imageId": str(uuid)}) == str(uuid)
    assert image_id_of(http_event({"imageId": [str(uuid)]})) == str(uuid)


def test_writes_the_id_in_lower_case_as_it_is_stored() -> None:
    assert image_id_of({"imageId": IMAGE_ID.upper()}) == IMAGE_ID


def test_takes_an_event_that_has_no_multi_value_parameters() -> None:
    event = http_event({"imageId": [IMAGE_ID]})
    del event["multiValueQueryStringParameters"]
    assert image_id_of(event) == IMAGE_ID


def test_ignores_parameters_it_does_not_know() -> None:
    assert image_id_of(http_event({"imageId": [IMAGE_ID], "utm_source": ["x"]})) == IMAGE_ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1",
        IMAGE_ID[:-1],
        IMAGE_ID + "0",
        IMAGE_ID + "\n",
        " " + IMAGE_ID,
        IMAGE_ID.replace("-", ""),
        "{" + IMAGE_ID + "}",
        "urn:uuid:" + IMAGE_ID,
        IMAGE_ID.replace("-", "\u2010"),
        IMAGE_ID.replace("1", "\u0661"),  # an Arabic-Indic digit: `\\d` would take it
        IMAGE_ID.replace("f", "g"),
        IMAGE_ID[:8] + IMAGE_ID[9:13] + "--" + IMAGE_ID[14:],
        "../" * 12,
        "'; DROP TABLE ImageLabels; --",
        "\ud800" * 36,
        "a" * 100_000,
    ],
)
def test_refuses_text_that_is_not_a_uuid_in_its_canonical_form(text: str) -> None:
    for event in ({"imageId": text}, http_event({"imageId": [text]})):
        with pytest.raises(InvalidImageId, match="canonical form"):
            image_id_of(event)


@pytest.mark.parametrize("value", [0, 1.5, True, [IMAGE_ID], {"S": IMAGE_ID}])
def test_refuses_what_is_not_text(value: object) -> None:
    with pytest.raises(InvalidImageId, match="canonical form"):
        image_id_of({"imageId": value})


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"imageId": None},
        {"imageid": IMAGE_ID},
        [],
        [IMAGE_ID],
        None,
        1,
        IMAGE_ID,
        http_event(None),
    ],
)
def test_says_that_the_id_is_missing(event: Any) -> None:
    with pytest.raises(InvalidImageId, match="missing"):
        image_id_of(event)


def test_refuses_two_ids_rather_than_choosing_one() -> None:
    with pytest.raises(InvalidImageId, match="more than once"):
        image_id_of(http_event({"imageId": [IMAGE_ID, IMAGE_ID]}))


def test_never_repeats_what_it_was_given() -> None:
    with pytest.raises(InvalidImageId) as refusal:
        image_id_of({"imageId": "<script>"})
    assert "<script>" not in refusal.value.detail


def test_shows_an_example_that_it_would_take() -> None:
    assert image_id_of({"imageId": EXAMPLE}) == EXAMPLE


def test_tells_an_api_request_from_a_direct_invocation() -> None:
    assert is_api_request(http_event(None))
    assert not is_api_request({"imageId": IMAGE_ID})
    assert not is_api_request(["httpMethod"])


@given(st.text(alphabet="0123456789abcdefABCDEF-{} \n", max_size=40))
def test_agrees_with_the_canonical_form_for_any_text(text: str) -> None:
    canonical = re.fullmatch("-".join(f"[0-9a-fA-F]{{{size}}}" for size in (8, 4, 4, 4, 12)), text)
    if canonical:
        assert image_id_of({"imageId": text}) == str(UUID(text))
    else:
        with pytest.raises(InvalidImageId):
            image_id_of({"imageId": text})
