import hashlib
import struct

import pytest

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import PERMANENT, REASONS, FailureCode
from invoke_labeller.labeller import Labeller, Outcome, Result
from invoke_labeller.ports import Prepared
from invoke_labeller.row import Status
from tests.fakes import LABELS, FakeDecoder, FakeModel, FakePictures, FakeTable
from tests.pictures import PHOTO
from tests.support import START, FakeClock

# A bitmap's header alone.
TOO_MANY_PIXELS = struct.pack(
    "<2sIHHIIiiHHIIiiII", b"BM", 54, 0, 0, 54, 40, 10_000, 10_000, 1, 24, 0, 0, 0, 0, 0, 0
)


class Deleting(FakeModel):
    """A model during whose call something happens to the row."""

    def __init__(self, table: FakeTable, status: str | None) -> None:
        super().__init__()
        self.table, self.status = table, status

    def classify(self, jpeg: bytes) -> tuple[object, ...]:  # type: ignore[override] # the same labels
        if self.status is None:
            del self.table.rows["a"]
        else:
            self.table.rows["a"].status = self.status
        return super().classify(jpeg)


def labeller(table: FakeTable, pictures: FakePictures, model: FakeModel) -> Labeller:
    return Labeller(table, pictures, FakeDecoder(), model, FakeClock())


def test_a_picture_is_labelled() -> None:
    table, model = FakeTable("a"), FakeModel()

    result = labeller(table, FakePictures(), model).label("a")

    row = table.rows["a"]
    assert result == Result(Outcome.LABELLED, "Egyptian cat")
    assert (row.status, row.labels, row.at) == (Status.CLASSIFIED, LABELS, START)


def test_the_model_is_sent_a_small_jpeg_and_not_the_stored_file() -> None:
    model = FakeModel()

    labeller(FakeTable("a"), FakePictures(), model).label("a")

    assert model.calls[0].startswith(b"\xff\xd8")
    assert model.calls[0] != PHOTO


def test_the_file_that_was_checked_is_labelled() -> None:
    table = FakeTable("a")
    table.rows["a"].sha256 = hashlib.sha256(PHOTO).hexdigest()

    result = labeller(table, FakePictures(), FakeModel()).label("a")

    assert result.outcome is Outcome.LABELLED


def test_no_other_file_than_the_one_that_was_checked_is_labelled() -> None:
    table, model = FakeTable("a"), FakeModel()
    table.rows["a"].sha256 = hashlib.sha256(b"what was checked").hexdigest()

    result = labeller(table, FakePictures(), model).label("a")

    assert result.outcome is Outcome.FAILED
    assert table.rows["a"].code is FailureCode.PICTURE_MISSING
    assert not model.calls


@pytest.mark.parametrize("status", [Status.CLASSIFIED, Status.FAILED, None])
def test_a_row_that_is_done_or_gone_costs_no_call_of_the_model(status: str | None) -> None:
    table, model = FakeTable("a"), FakeModel()
    if status is None:
        del table.rows["a"]
    else:
        table.rows["a"].status = status

    result = labeller(table, FakePictures(), model).label("a")

    assert result.outcome is Outcome.SKIPPED
    assert not model.calls
    assert not table.changes


@pytest.mark.parametrize("status", [Status.CLASSIFIED, None])
def test_a_row_that_is_done_or_gone_meanwhile_is_left_alone(status: str | None) -> None:
    table = FakeTable("a")

    result = labeller(table, FakePictures(), Deleting(table, status)).label("a")

    assert result.outcome is Outcome.SKIPPED
    assert not table.changes
    assert ("a" in table.rows) is (status is not None)


@pytest.mark.parametrize(
    ("pictures", "code"),
    [
        (FakePictures(missing={"a"}), FailureCode.PICTURE_MISSING),
        (FakePictures(stored={"a": b"GIF89a"}), FailureCode.UNDECODABLE),
        (FakePictures(stored={"a": TOO_MANY_PIXELS}), FailureCode.TOO_MANY_PIXELS),
    ],
)
def test_what_is_wrong_with_the_picture_is_recorded_at_once(
    pictures: FakePictures, code: FailureCode
) -> None:
    table = FakeTable("a")

    result = labeller(table, pictures, FakeModel()).label("a")

    assert result.outcome is Outcome.FAILED
    assert table.rows["a"].status == Status.FAILED
    assert table.rows["a"].code is code
    assert code in PERMANENT
    assert table.rows["a"].reason == result.detail


def test_a_failure_of_a_row_that_was_labelled_meanwhile_is_not_recorded() -> None:
    table = FakeTable("a")
    table.rows["a"].last_attempt_at = START
    model = Deleting(table, Status.CLASSIFIED)
    model.error = TransientError("no", FailureCode.MODEL_REFUSED)

    assert labeller(table, FakePictures(), model).label("a").outcome is Outcome.SKIPPED
    assert table.rows["a"].status == Status.CLASSIFIED


def test_what_is_wrong_elsewhere_leaves_the_row_waiting() -> None:
    table = FakeTable("a")
    model = FakeModel(TransientError("The endpoint did not answer: ReadTimeoutError"))

    result = labeller(table, FakePictures(), model).label("a")

    assert result == Result(Outcome.RETRIED, "The endpoint did not answer: ReadTimeoutError")
    assert table.rows["a"].status == Status.NOT_CLASSIFIED


def test_a_table_that_does_not_answer_asks_for_a_retry() -> None:
    table = FakeTable("a")
    table.down = True

    assert labeller(table, FakePictures(), FakeModel()).label("a").outcome is Outcome.RETRIED


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        *(
            (TransientError("arn:secret", code), code, REASONS[code])
            for code in FailureCode
            if code not in PERMANENT and code is not FailureCode.UNFINISHED
        ),
        (TransientError("no", FailureCode.MODEL_REFUSED, "Status 400."), "model-refused", "Status"),
        (MemoryError(), FailureCode.OUT_OF_MEMORY, "The labeller ran out of memory"),
    ],
)
def test_what_makes_the_last_attempt_fail_is_recorded_as_what_it_is(
    error: Exception, code: FailureCode, reason: str
) -> None:
    table = FakeTable("a")
    labels = labeller(table, FakePictures(), FakeModel(error)).label

    assert labels("a").outcome is Outcome.RETRIED
    assert table.rows["a"].status == Status.NOT_CLASSIFIED
    table.rows["a"].last_attempt_at = START
    assert labels("a").outcome is Outcome.GIVEN_UP

    row = table.rows["a"]
    assert (row.status, row.code) == (Status.FAILED, code)
    assert row.reason.startswith(reason)
    assert "secret" not in row.reason
    assert row.failure
    assert row.failure.at == START


def test_a_last_attempt_that_succeeds_labels_the_picture() -> None:
    table = FakeTable("a")
    table.rows["a"].last_attempt_at = START

    assert labeller(table, FakePictures(), FakeModel()).label("a").outcome is Outcome.LABELLED


def test_a_fault_of_ours_ends_a_last_attempt_and_is_logged() -> None:
    table = FakeTable("a")
    labels = labeller(table, FakePictures(), FakeModel(ZeroDivisionError())).label

    with pytest.raises(ZeroDivisionError):
        labels("a")
    assert table.rows["a"].status == Status.NOT_CLASSIFIED
    table.rows["a"].last_attempt_at = START
    with pytest.raises(ZeroDivisionError):
        labels("a")

    assert table.rows["a"].code is FailureCode.INTERNAL_ERROR


def test_labels_that_cannot_be_written_are_no_failure_of_the_picture() -> None:
    class Unwritable(FakeTable):
        def classify(self, *_: object, **__: object) -> bool:
            raise TransientError("The row cannot be written")

    table = Unwritable("a")
    table.rows["a"].last_attempt_at = START

    assert labeller(table, FakePictures(), FakeModel()).label("a").outcome is Outcome.RETRIED
    assert table.rows["a"].status == Status.NOT_CLASSIFIED


def test_every_code_has_a_sentence() -> None:
    assert REASONS.keys() == set(FailureCode)
    assert all(reason.endswith(".") for reason in REASONS.values())


@pytest.mark.parametrize("incomplete", [False, True])
def test_a_row_says_whether_its_picture_was_incomplete(
    incomplete: bool,  # noqa: FBT001 - the column of a table
) -> None:
    class Decoding(FakeDecoder):
        def prepare(self, data: bytes, until: float) -> Prepared:
            return Prepared(super().prepare(data, until).jpeg, incomplete=incomplete)

    table = FakeTable("a")

    Labeller(table, FakePictures(), Decoding(), FakeModel(), FakeClock()).label("a")

    assert table.rows["a"].incomplete is incomplete
