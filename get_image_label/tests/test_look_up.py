from decimal import Decimal

import pytest

from get_image_label.look_up import LookUp
from get_image_label.problems import UnknownImage
from get_image_label.records import Row
from lambda_common.problems import TemporarilyUnavailable
from tests.fakes import CLASSIFIED, IMAGE_ID, NOW, UNKNOWN_ID, FakeRows


def look_up(*rows: Row) -> LookUp:
    return LookUp(rows=FakeRows({row["Id"]: row for row in rows}), clock=lambda: NOW)


def test_describes_the_row_with_this_id() -> None:
    assert look_up(CLASSIFIED)(IMAGE_ID)["ImageLabel"] == "espresso, coffee mug"


def test_names_the_id_that_is_unknown() -> None:
    with pytest.raises(UnknownImage, match=UNKNOWN_ID):
        look_up(CLASSIFIED)(UNKNOWN_ID)


def test_an_expired_image_is_as_unknown_as_one_that_never_was() -> None:
    # given a row that DynamoDB has not come round to delete
    late = look_up({**CLASSIFIED, "ExpiresAt": Decimal(NOW - 1)})

    # when, then
    with pytest.raises(UnknownImage) as expired:
        late(IMAGE_ID)
    with pytest.raises(UnknownImage) as never:
        look_up()(IMAGE_ID)
    assert expired.value.document() == never.value.document()


def test_passes_on_that_the_table_cannot_be_read() -> None:
    broken = FakeRows(broken=TemporarilyUnavailable("Try again."))
    with pytest.raises(TemporarilyUnavailable):
        LookUp(rows=broken, clock=lambda: NOW)(IMAGE_ID)
