import importlib

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from tests.conftest import INDEX, TABLE, insert, row
from tests.support import FakeContext

ENVIRONMENT = {
    "TABLE_NAME": TABLE,
    "INDEX_NAME": INDEX,
    "SWEEP_AFTER_MINUTES": "15",
    "MAX_SWEEPS": "2",
    "POWERTOOLS_SERVICE_NAME": "invoke_labeller",
    "POWERTOOLS_METRICS_NAMESPACE": "ImageLabeller",
}


def test_a_waiting_row_is_swept_until_it_is_abandoned(
    monkeypatch: pytest.MonkeyPatch, dynamodb: DynamoDBClient
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    handle = importlib.import_module("invoke_labeller.sweep_function").handle
    insert(dynamodb, "1a", PendingSince="2020-01-01T00:00:00.000Z")

    assert handle({}, FakeContext()) == {"Swept": 1, "Failed": 0}
    assert handle({}, FakeContext()) == {"Swept": 0, "Failed": 0}
    assert handle({"olderThanSeconds": 0}, FakeContext()) == {"Swept": 1, "Failed": 0}
    assert handle({"olderThanSeconds": 0}, FakeContext()) == {"Swept": 0, "Failed": 1}
    assert row(dynamodb, "1a")["Status"] == {"S": "FAILED"}
