from uuid import UUID

import pytest

from lambda_common.problems import TemporarilyUnavailable
from submit_image.withdrawal import Withdraw
from tests.support.fakes import FakePictures, FakeRows, FakeUploads
from tests.support.pictures import JPEG, PICTURE

ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")
OTHER = UUID("1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55")


class Setting:
    def __init__(self) -> None:
        self.log: list[str] = []
        self.uploads = FakeUploads({ID: JPEG, OTHER: JPEG}, log=self.log)
        self.pictures = FakePictures(self.log, pictures={ID: PICTURE, OTHER: PICTURE})
        self.rows = FakeRows(self.log)
        self.withdraw = Withdraw(self.uploads, self.pictures, self.rows)


def test_upload_row_and_object_go_in_this_order() -> None:
    setting = Setting()

    setting.withdraw(ID)

    assert setting.log == ["upload removed", "row removed", "object removed"]
    assert (set(setting.uploads.files), set(setting.pictures.pictures)) == ({OTHER}, {OTHER})


def test_what_is_gone_stays_gone() -> None:
    setting = Setting()

    setting.withdraw(ID)
    setting.withdraw(ID)

    assert set(setting.pictures.pictures) == {OTHER}


@pytest.mark.parametrize("broken", ["uploads", "rows", "pictures"])
def test_a_withdrawal_that_did_not_finish_says_so_and_is_finished_by_the_next(broken: str) -> None:
    setting = Setting()
    getattr(setting, broken).fault = TemporarilyUnavailable("Busy.")
    with pytest.raises(TemporarilyUnavailable):
        setting.withdraw(ID)

    getattr(setting, broken).fault = None
    setting.withdraw(ID)

    assert (set(setting.uploads.files), set(setting.pictures.pictures)) == ({OTHER}, {OTHER})
