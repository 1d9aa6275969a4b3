from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoke_labeller import label_handler
from invoke_labeller.errors import TransientError
from invoke_labeller.labeller import Labeller
from invoke_labeller.row import Status
from tests.fakes import FakeDecoder, FakeModel, FakePictures, FakeTable
from tests.support import FakeClock, FakeContext, Log, metrics, published, record
from tests.test_stream import JSON


def handler(
    table: FakeTable, pictures: FakePictures | None = None, model: FakeModel | None = None
) -> Any:
    clock = FakeClock()
    labeller = Labeller(
        table, pictures or FakePictures(), FakeDecoder(), model or FakeModel(), clock
    )
    return label_handler.create_handler(labeller, clock, Log().logger, metrics(), 4)


def test_the_pictures_of_a_batch_are_labelled(capsys: pytest.CaptureFixture[str]) -> None:
    table = FakeTable("a", "b")

    answer = handler(table)({"Records": [record("a", 1), record("b", 2)]}, FakeContext())

    assert answer == {"batchItemFailures": []}
    assert {row.status for row in table.rows.values()} == {Status.CLASSIFIED}
    assert published(capsys.readouterr().out)["ImagesLabelled"] == [2]


def test_only_transient_failures_are_delivered_again() -> None:
    table = FakeTable("a", "b", "c")
    table.broken = {"c"}

    answer = handler(table, FakePictures(missing={"b"}))(
        {"Records": [record("a", 1), record("b", 2), record("c", 3), record("gone", 4)]},
        FakeContext(),
    )

    assert answer == {"batchItemFailures": [{"itemIdentifier": "3"}]}
    assert [table.rows[i].status for i in "abc"] == [
        Status.CLASSIFIED,
        Status.FAILED,
        Status.NOT_CLASSIFIED,
    ]


def test_every_record_of_a_retried_picture_is_named() -> None:
    answer = handler(FakeTable("a"), model=FakeModel(TransientError("down")))(
        {"Records": [record("a", 1), record("a", 2, "MODIFY")]}, FakeContext()
    )

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]}


def test_a_picture_of_two_records_is_sent_to_the_model_once() -> None:
    model = FakeModel()

    handler(FakeTable("a"), model=model)(
        {"Records": [record("a", 1), record("a", 2, "MODIFY")]}, FakeContext()
    )

    assert len(model.calls) == 1


def test_what_is_delivered_again_is_not_labelled_again() -> None:
    table, model = FakeTable("a"), FakeModel()
    handle = handler(table, model=model)

    for _ in range(3):
        assert handle({"Records": [record("a", 1)]}, FakeContext()) == {"batchItemFailures": []}

    assert table.changes["a"] == 1
    assert len(model.calls) == 1


def test_what_the_sweep_has_sent_is_tried_once_and_left_to_it() -> None:
    handle = handler(FakeTable("a", "b"), model=FakeModel(TransientError("down")))
    records = [record("a", 1), record("b", 2, "MODIFY", SweptSince="2026-11-23T07:51:10.623Z")]

    answer = handle({"Records": records}, FakeContext())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_what_the_sweep_has_sent_is_given_back_where_it_was_not_begun() -> None:
    model = FakeModel()
    swept = record("a", 1, "MODIFY", SweptSince="2026-11-23T07:51:10.623Z")

    answer = handler(FakeTable("a"), model=model)(
        {"Records": [swept]}, FakeContext(remaining=lambda: 1000)
    )

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert not model.calls


def test_near_the_functions_end_the_records_are_given_back() -> None:
    model = FakeModel()

    answer = handler(FakeTable("a"), model=model)(
        {"Records": [record("a", 1)]}, FakeContext(remaining=lambda: 1000)
    )

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert not model.calls


@settings(deadline=None)
@given(JSON)
def test_no_event_raises(event: object) -> None:
    handle = handler(FakeTable())

    assert handle(event, FakeContext()) == {"batchItemFailures": []}
    assert handle({"Records": [event]}, FakeContext()) == {"batchItemFailures": []}


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"),
            st.sampled_from(["INSERT", "MODIFY", "REMOVE"]),
            st.sampled_from([Status.NOT_CLASSIFIED, Status.CLASSIFIED, Status.FAILED]),
        ),
        max_size=10,
    ),
    st.sets(st.sampled_from("abcdef")),
    st.sets(st.sampled_from("abcdef")),
)
def test_whatever_the_batch_each_row_changes_at_most_once(
    records: list[tuple[str, str, str]], missing: set[str], broken: set[str]
) -> None:
    table = FakeTable(*"abcde")
    table.broken = broken
    handle = handler(table, FakePictures(missing=missing))
    batch = [record(i, n, name, Status=status) for n, (i, name, status) in enumerate(records)]

    answer = handle({"Records": batch}, FakeContext())
    table.broken = set()
    handle({"Records": batch}, FakeContext())

    asked = {
        i for i, name, status in records if name != "REMOVE" and status == Status.NOT_CLASSIFIED
    }
    named = {int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]}
    assert {records[number][0] for number in named} == asked & broken
    assert dict(table.changes) == dict.fromkeys(asked - {"f"}, 1)
    assert "f" not in table.rows
