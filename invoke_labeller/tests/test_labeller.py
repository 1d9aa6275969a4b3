import pytest

from invoke_labeller.errors import PermanentError, TransientError
from invoke_labeller.labeller import Labeller, Outcome, Result
from invoke_labeller.status import CLASSIFIED, FAILED, NOT_CLASSIFIED
from tests.fakes import LABELS, FakeModel, FakePictures, FakeTable
from tests.pictures import PHOTO
from tests.support import START, FakeClock


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
    return Labeller(table, pictures, model, FakeClock())


def test_a_picture_is_labelled() -> None:
    table, model = FakeTable("a"), FakeModel()

    result = labeller(table, FakePictures(), model).label("a")

    row = table.rows["a"]
    assert result == Result(Outcome.LABELLED, "Egyptian cat")
    assert (row.status, row.labels, row.at) == (CLASSIFIED, LABELS, START)


def test_the_model_is_sent_a_small_jpeg_and_not_the_stored_file() -> None:
    model = FakeModel()

    labeller(FakeTable("a"), FakePictures(), model).label("a")

    assert model.calls[0].startswith(b"\xff\xd8")
    assert model.calls[0] != PHOTO


@pytest.mark.parametrize("status", [CLASSIFIED, FAILED, None])
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


@pytest.mark.parametrize("status", [CLASSIFIED, None])
def test_a_row_that_is_done_or_gone_meanwhile_is_left_alone(status: str | None) -> None:
    table = FakeTable("a")

    result = labeller(table, FakePictures(), Deleting(table, status)).label("a")

    assert result.outcome is Outcome.SKIPPED
    assert not table.changes
    assert ("a" in table.rows) is (status is not None)


@pytest.mark.parametrize(
    ("pictures", "model", "reason"),
    [
        (FakePictures(missing={"a"}), FakeModel(), "The picture is no longer stored."),
        (FakePictures(stored={"a": b"GIF89a"}), FakeModel(), "The picture cannot be decoded"),
        (FakePictures(), FakeModel(PermanentError("The model refused the picture.")), "The model"),
    ],
)
def test_what_is_wrong_with_the_picture_is_recorded(
    pictures: FakePictures, model: FakeModel, reason: str
) -> None:
    table = FakeTable("a")

    result = labeller(table, pictures, model).label("a")

    assert result.outcome is Outcome.FAILED
    assert table.rows["a"].status == FAILED
    assert table.rows["a"].reason == result.detail
    assert result.detail.startswith(reason)


def test_a_failure_of_a_row_that_was_labelled_meanwhile_is_not_recorded() -> None:
    table = FakeTable("a")
    model = Deleting(table, CLASSIFIED)
    model.error = PermanentError("The model refused the picture.")

    assert labeller(table, FakePictures(), model).label("a").outcome is Outcome.SKIPPED
    assert table.rows["a"].status == CLASSIFIED


def test_what_is_wrong_elsewhere_leaves_the_row_waiting() -> None:
    table = FakeTable("a")
    model = FakeModel(TransientError("The endpoint did not answer: ReadTimeoutError"))

    result = labeller(table, FakePictures(), model).label("a")

    assert result == Result(Outcome.RETRIED, "The endpoint did not answer: ReadTimeoutError")
    assert table.rows["a"].status == NOT_CLASSIFIED


def test_a_table_that_does_not_answer_asks_for_a_retry() -> None:
    table = FakeTable("a")
    table.down = True

    assert labeller(table, FakePictures(), FakeModel()).label("a").outcome is Outcome.RETRIED
