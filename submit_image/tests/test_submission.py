from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from lambda_common.problems import Problem, TemporarilyUnavailable
from submit_image import urls
from submit_image.deadline import Deadline
from submit_image.problems import InvalidImage, RemoteTimeout, UnsupportedImage
from submit_image.row import Status
from submit_image.submission import Accepted, Storage, Submission, Submit
from tests.support.fakes import FakeDownloads, FakePictures, FakeRows
from tests.support.pictures import JPEG, PICTURE

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
NOW = datetime(2026, 11, 23, 7, 51, 11, tzinfo=UTC)
TARGET = urls.parse("https://example.com/cat.jpg#part")
SUBMISSION = Submission(TARGET)
DEADLINE = Deadline.after(10)


class Setting:
    def __init__(self, content: bytes = JPEG) -> None:
        self.log: list[str] = []
        self.downloads = FakeDownloads(content)
        self.pictures = FakePictures(self.log)
        self.rows = FakeRows(self.log)
        self.submit = Submit(
            downloads=self.downloads,
            storage=Storage(self.pictures, self.rows, timedelta(days=30), lambda: NOW),
            new_id=lambda: ID,
        )


def test_a_picture_is_stored_and_waits_for_its_label() -> None:
    setting = Setting()

    accepted = setting.submit(SUBMISSION, DEADLINE)

    assert accepted == Accepted(str(ID), Status.NOT_CLASSIFIED)
    assert setting.downloads.asked == [(TARGET, DEADLINE)]
    assert setting.pictures.pictures == {ID: PICTURE}
    [row] = setting.rows.rows
    assert (row.image_id, row.picture, row.submitted_at) == (ID, PICTURE, NOW)
    assert row.source_url == "https://example.com/cat.jpg"
    assert row.retention == timedelta(days=30)
    assert row.caller is None


def test_the_row_says_that_the_system_tests_submitted_it() -> None:
    setting = Setting()

    setting.submit(Submission(TARGET, by_system_tests=True), DEADLINE)

    assert [row.caller for row in setting.rows.rows] == ["system-tests"]


def test_the_object_is_there_before_the_row() -> None:
    setting = Setting()

    setting.submit(SUBMISSION, DEADLINE)

    assert setting.log == ["object", "row"]


@pytest.mark.parametrize(
    ("content", "problem"), [(b"", InvalidImage), (b"<html></html>", UnsupportedImage)]
)
def test_what_is_no_picture_is_not_stored(content: bytes, problem: type[Problem]) -> None:
    setting = Setting(content)

    with pytest.raises(problem):
        setting.submit(SUBMISSION, DEADLINE)

    assert setting.log == []


def test_what_cannot_be_downloaded_is_not_stored() -> None:
    setting = Setting()
    setting.downloads.problem = RemoteTimeout("Too slow.")

    with pytest.raises(RemoteTimeout):
        setting.submit(SUBMISSION, DEADLINE)

    assert setting.log == []


@pytest.mark.parametrize("fault", [TemporarilyUnavailable("Busy."), RuntimeError("Broken.")])
def test_without_the_object_there_is_no_row(fault: Exception) -> None:
    setting = Setting()
    setting.pictures.fault = fault

    with pytest.raises(type(fault)):
        setting.submit(SUBMISSION, DEADLINE)

    assert setting.log == []


@pytest.mark.parametrize("fault", [TemporarilyUnavailable("Busy."), RuntimeError("Broken.")])
def test_without_the_row_the_object_stays_until_it_expires(fault: Exception) -> None:
    setting = Setting()
    setting.rows.fault = fault

    with pytest.raises(type(fault)):
        setting.submit(SUBMISSION, DEADLINE)

    assert setting.log == ["object"]
    assert setting.pictures.pictures == {ID: PICTURE}
