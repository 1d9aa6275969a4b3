import importlib

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from tests.conftest import FAILED_INDEX, INDEX, TABLE, insert, row
from tests.support import FakeContext

ENVIRONMENT = {
    "TABLE_NAME": TABLE,
    "INDEX_NAME": INDEX,
    "FAILED_INDEX_NAME": FAILED_INDEX,
    "SWEEP_AFTER_MINUTES": "15",
    "GIVE_UP_AFTER_HOURS": "24",
    "SWEEP_LIMIT": "1024",
    "POWERTOOLS_SERVICE_NAME": "invoke_labeller",
    "POWERTOOLS_METRICS_NAMESPACE": "ImageLabeller",
}
IMAGE = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55"
LONG_AGO = "2020-01-01T00:00:00.000Z"


def test_a_waiting_row_is_swept_until_it_is_given_up_and_then_requeued(
    monkeypatch: pytest.MonkeyPatch, dynamodb: DynamoDBClient
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    handle = importlib.import_module("invoke_labeller.sweep_function").handler
    insert(dynamodb, IMAGE, PendingSince=LONG_AGO)

    assert handle({}, FakeContext()) == {"Swept": 1, "Failed": 0}
    assert handle({}, FakeContext()) == {"Swept": 0, "Failed": 0}
    assert handle({"olderThanSeconds": 0}, FakeContext()) == {"Swept": 1, "Failed": 0}
    insert(dynamodb, IMAGE, PendingSince=LONG_AGO, SweptSince=LONG_AGO, LastAttemptAt=LONG_AGO)
    assert handle({}, FakeContext()) == {"Swept": 0, "Failed": 1}
    assert row(dynamodb, IMAGE)["Status"] == {"S": "FAILED"}

    answer = handle({"requeue": {"reason": "unfinished"}}, FakeContext())

    assert answer == {"Requeued": 1, "Skipped": 0, "Next": None}
    assert row(dynamodb, IMAGE)["Status"] == {"S": "NOT_CLASSIFIED"}
