from datetime import UTC, datetime
from pathlib import Path

import yaml

from benchmark.rows import row

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
