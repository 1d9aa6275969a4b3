"""Uploads are taken once, and what was checked is what is labelled, whatever happens meanwhile."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from lambda_common.problems import Problem, TemporarilyUnavailable
from submit_image import pictures
from submit_image.deadline import Deadline
from submit_image.problems import InvalidImage, UnknownUpload, UnsupportedImage
from submit_image.row import Status
from submit_image.submission import Accepted, Storage, SubmitUpload
from submit_image.withdrawal import Withdraw
from tests.support.fakes import FakePictures, FakeRows, FakeUploads
from tests.support.pictures import JPEG, PICTURE, encoded

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
OTHER = encoded("PNG")


class Setting:
    def __init__(self, content: bytes | None = JPEG) -> None:
        self.log: list[str] = []
        self.uploads = FakeUploads({} if content is None else {ID: content}, log=self.log)
        self.pictures = FakePictures(self.log)
        self.rows = FakeRows(self.log)
        storage = Storage(self.pictures, self.rows, timedelta(days=30), lambda: NOW)
        self._submit = SubmitUpload(self.uploads, storage)
        self.withdraw = Withdraw(self.uploads, self.pictures, self.rows)

    def submit(self, seconds: float = 10, *, by_system_tests: bool = False) -> Accepted:
        return self._submit(ID, Deadline.after(seconds), by_system_tests=by_system_tests)


def test_an_upload_is_stored_as_a_picture_of_its_own_and_waits_for_its_label() -> None:
    setting = Setting()

    accepted = setting.submit(by_system_tests=True)

    assert accepted == Accepted(str(ID), Status.NOT_CLASSIFIED)
    assert setting.log == ["object", "row"]
    assert setting.pictures.pictures == {ID: PICTURE}
    [row] = setting.rows.rows
    assert (row.image_id, row.picture, row.submitted_at) == (ID, PICTURE, NOW)
    assert (row.source_url, row.retention, row.caller) == (None, timedelta(days=30), "system-tests")


@pytest.mark.parametrize("status", Status)
def test_submitting_it_again_changes_nothing_and_says_how_far_it_has_come(status: Status) -> None:
    setting = Setting()
    setting.submit()
    setting.rows.done[ID] = status
    setting.uploads.files[ID] = OTHER

    assert setting.submit() == Accepted(str(ID), status)

    assert setting.pictures.pictures == {ID: PICTURE}
    assert setting.log == ["object", "row"]


def test_an_upload_that_has_expired_since_was_submitted_all_the_same() -> None:
    setting = Setting()
    setting.submit()
    setting.uploads.files.clear()

    assert setting.submit().status is Status.NOT_CLASSIFIED


def test_nothing_is_submitted_before_it_was_uploaded() -> None:
    setting = Setting(None)

    with pytest.raises(UnknownUpload, match="Upload the file"):
        setting.submit()

    assert setting.log == []


@pytest.mark.parametrize(
    ("content", "problem"), [(b"", InvalidImage), (b"<html></html>", UnsupportedImage)]
)
def test_the_bytes_decide_as_with_downloads(content: bytes, problem: type[Problem]) -> None:
    setting = Setting(content)

    with pytest.raises(problem):
        setting.submit()

    assert setting.log == []


def test_what_was_checked_is_stored_although_the_upload_is_replaced_meanwhile() -> None:
    setting = Setting()

    def replace() -> None:
        setting.uploads.files[ID] = OTHER

    setting.uploads.after_reading = replace
    setting.submit()

    assert setting.pictures.pictures == {ID: PICTURE}
    assert setting.rows.rows[0].picture == PICTURE


def test_of_two_submissions_at_once_one_adds_the_row() -> None:
    setting = Setting()

    def submit_too() -> None:
        setting.uploads.after_reading = lambda: None
        setting.submit()

    setting.uploads.after_reading = submit_too

    assert setting.submit().status is Status.NOT_CLASSIFIED
    assert len(setting.rows.rows) == 1


def test_a_slow_bucket_leaves_time_to_store_the_picture() -> None:
    setting = Setting()

    with pytest.raises(TemporarilyUnavailable):
        setting.submit(seconds=0)

    assert setting.log == []


def test_a_picture_whose_row_could_not_be_added_is_submitted_by_the_next_call() -> None:
    setting = Setting()
    setting.rows.fault = TemporarilyUnavailable("Busy.")
    with pytest.raises(TemporarilyUnavailable):
        setting.submit()

    setting.rows.fault = None
    setting.submit()

    assert setting.log == ["object", "object", "row"]


class TestWithdrawnMeanwhile:
    """At every moment of a submission, a withdrawal leaves nothing behind."""

    @pytest.mark.parametrize("moment", ["upload read", "object stored", "row added"])
    def test_nothing_is_left(self, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
        setting = Setting()
        put, add = setting.pictures.put, setting.rows.add

        def then_withdraw(act: object) -> object:
            def acting(*arguments: object) -> None:
                act(*arguments)  # type: ignore[operator] # what it replaces
                setting.withdraw(ID)

            return acting

        if moment == "upload read":
            setting.uploads.after_reading = lambda: setting.withdraw(ID)
        elif moment == "object stored":
            monkeypatch.setattr(setting.pictures, "put", then_withdraw(put))
        else:
            monkeypatch.setattr(setting.rows, "add", then_withdraw(add))

        with pytest.raises(UnknownUpload, match="withdrawn"):
            setting.submit()

        assert (setting.uploads.files, setting.pictures.pictures, setting.rows.rows) == ({}, {}, [])

    def test_nothing_is_left_after_the_submission_either(self) -> None:
        setting = Setting()
        setting.submit()

        setting.withdraw(ID)

        assert (setting.uploads.files, setting.pictures.pictures, setting.rows.rows) == ({}, {}, [])
        with pytest.raises(UnknownUpload):
            setting.submit()


def test_the_picture_that_is_stored_is_the_one_that_was_inspected() -> None:
    setting = Setting(OTHER)

    setting.submit()

    assert setting.pictures.pictures == {ID: pictures.inspect(OTHER)}
