from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoke_labeller.stream import Submission, submissions
from tests.support import record

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
PARTS = (
    "eventName",
    "dynamodb",
    "Keys",
    "Id",
    "NewImage",
    "Status",
    "SequenceNumber",
    "SubmittedAt",
)


@pytest.mark.parametrize("event_name", ["INSERT", "MODIFY"])
def test_a_waiting_row_is_a_submission(event_name: str) -> None:
    assert submissions({"Records": [record("a", 7, event_name)]}) == [
        Submission("a", "2026-11-23T07:51:10.623Z", ("7",))
    ]


def test_a_submission_says_whose_it_is() -> None:
    [found] = submissions({"Records": [record("a", 7, Caller="system-tests")]})

    assert found.caller == "system-tests"


@pytest.mark.parametrize("status", ["CLASSIFIED", "FAILED", ""])
def test_a_row_that_does_not_wait_is_none(status: str) -> None:
    assert submissions({"Records": [record("a", 7, "MODIFY", Status=status)]}) == []


def test_a_deleted_row_is_none() -> None:
    assert submissions({"Records": [record("a", 7, "REMOVE")]}) == []


def test_the_records_of_one_picture_are_one_submission() -> None:
    records = [record("a", 1), record("b", 2), record("a", 3, "MODIFY")]

    found = submissions({"Records": records})

    assert [(each.image_id, each.sequence_numbers) for each in found] == [
        ("a", ("1", "3")),
        ("b", ("2",)),
    ]


def test_a_record_without_a_number_is_labelled_all_the_same() -> None:
    without = record("a", 1)
    del without["dynamodb"]["SequenceNumber"]

    assert submissions({"Records": [without]})[0].sequence_numbers == ()


@given(JSON)
def test_no_event_raises(event: object) -> None:
    assert submissions(event) == []
    assert isinstance(submissions({"Records": [event]}), list)


@given(st.sampled_from(PARTS), JSON)
def test_a_malformed_record_neither_raises_nor_hides_the_next(part: str, value: object) -> None:
    def spoil(node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        return {key: value if key == part else spoil(inner) for key, inner in node.items()}

    found = submissions({"Records": [spoil(record("a", 1)), record("b", 2)]})

    assert found[-1].image_id == "b"
