from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import yaml

from benchmark.errors import BenchmarkError
from benchmark.rows import Rows, row

ROW = Path(__file__).parents[2] / "dynamodb_infra/row.yml"


def test_a_row_is_what_a_submission_writes() -> None:
    attributes = yaml.safe_load(ROW.read_text())["attributes"]
    submitted = {
        name: described["type"]
        for name, described in attributes.items()
        if "submit_image" in described["written"]
    }
    # Only the system tests' pictures have a caller.
    del submitted["Caller"]

    written = row("1f8a1ef6", b"picture", datetime(2026, 11, 27, tzinfo=UTC))

    types = {name: "S" if isinstance(value, str) else "N" for name, value in written.items()}
    assert types == submitted


class FakeTable:
    """A table whose rows are labelled one after the other, one at each reading."""

    def __init__(self, final: str = "CLASSIFIED") -> None:
        self.rows: dict[str, str] = {}
        self.final = final
        self.scans = 0

    def batch_write_item(self, **request: Any) -> None:
        ((_, writes),) = request["RequestItems"].items()
        for write in writes:
            if put := write.get("PutRequest"):
                self.rows[put["Item"]["Id"]["S"]] = put["Item"]["Status"]["S"]
            else:
                del self.rows[write["DeleteRequest"]["Key"]["Id"]["S"]]

    def get_item(self, **request: Any) -> dict[str, Any]:
        waiting = [image for image, status in self.rows.items() if status == "NOT_CLASSIFIED"]
        if waiting:
            self.rows[waiting[0]] = self.final
        return {"Item": {"Status": {"S": self.rows[request["Key"]["Id"]["S"]]}}}

    def scan(self, **request: Any) -> dict[str, int]:
        self.scans += 1
        wanted = request["ExpressionAttributeValues"][":status"]["S"]
        return {"Count": sum(status == wanted for status in self.rows.values())}


def rows_in(table: FakeTable, count: int) -> Rows:
    application: Any = SimpleNamespace(
        name="now", table="rows", bucket="pictures", dynamodb=table, s3=Mock()
    )
    return Rows(application, [b"picture"], count)


def test_while_rows_wait_they_are_not_counted() -> None:
    table = FakeTable()

    rate = rows_in(table, 6).label()

    assert rate > 0
    assert table.scans == 2
    assert not table.rows


def test_rows_that_fail_are_not_labelled() -> None:
    with pytest.raises(BenchmarkError, match="6 pictures 0 were labelled, and the others failed"):
        rows_in(FakeTable("FAILED"), 6).label()
