from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from submit_image import urls
from submit_image.deadline import Deadline
from submit_image.problems import (
    InvalidImage,
    Problem,
    RemoteTimeout,
    TemporarilyUnavailable,
    UnsupportedImage,
)
from submit_image.service import Accepted, SubmitImage
from tests.support.fakes import FakeDownloads, FakeImages, FakeRecords
from tests.support.pictures import JPEG, PICTURE

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
NOW = datetime(2026, 11, 23, 7, 51, 11, tzinfo=UTC)
TARGET = urls.parse("https://example.com/cat.jpg#part")
DEADLINE = Deadline.after(10)


class Setting:
    def __init__(self, content: bytes = JPEG) -> None:
        self.log: list[str] = []
        self.downloads = FakeDownloads(content)
        self.images = FakeImages(self.log)
        self.records = FakeRecords(self.log)
        self.submit = SubmitImage(
            downloads=self.downloads,
            images=self.images,
            records=self.records,
            retention=timedelta(days=30),
            new_id=lambda: ID,
            now=lambda: NOW,
        )


def test_a_picture_is_stored_and_waits_for_its_label() -> None:
    setting = Setting()

    accepted = setting.submit(TARGET, DEADLINE)

    assert accepted == Accepted(str(ID), "NOT_CLASSIFIED")
    assert setting.downloads.asked == [(TARGET, DEADLINE)]
    assert setting.images.pictures == {ID: PICTURE}
    [record] = setting.records.records
    assert (record.image_id, record.picture, record.submitted_at) == (ID, PICTURE, NOW)
    assert record.source_url == "https://example.com/cat.jpg"
    assert record.retention == timedelta(days=30)


def test_the_object_is_there_before_the_row() -> None:
    setting = Setting()

    setting.submit(TARGET, DEADLINE)

    assert setting.log == ["object", "row"]


@pytest.mark.parametrize(
    ("content", "problem"), [(b"", InvalidImage), (b"<html></html>", UnsupportedImage)]
)
def test_what_is_no_picture_is_not_stored(content: bytes, problem: type[Problem]) -> None:
    setting = Setting(content)

    with pytest.raises(problem):
        setting.submit(TARGET, DEADLINE)

    assert setting.log == []


def test_what_cannot_be_downloaded_is_not_stored() -> None:
    setting = Setting()
    setting.downloads.problem = RemoteTimeout("Too slow.")

    with pytest.raises(RemoteTimeout):
        setting.submit(TARGET, DEADLINE)

    assert setting.log == []


@pytest.mark.parametrize("fault", [TemporarilyUnavailable("Busy."), RuntimeError("Broken.")])
def test_without_the_object_there_is_no_row(fault: Exception) -> None:
    setting = Setting()
    setting.images.fault = fault

    with pytest.raises(type(fault)):
        setting.submit(TARGET, DEADLINE)

    assert setting.log == []


@pytest.mark.parametrize("fault", [TemporarilyUnavailable("Busy."), RuntimeError("Broken.")])
def test_without_the_row_the_object_stays_until_it_expires(fault: Exception) -> None:
    setting = Setting()
    setting.records.fault = fault

    with pytest.raises(type(fault)):
        setting.submit(TARGET, DEADLINE)

    assert setting.log == ["object"]
    assert setting.images.pictures == {ID: PICTURE}
