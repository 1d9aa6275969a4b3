"""The functions read and write of a row what its description says, and name nothing else."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from invoke_labeller.failed_index import FailedIndex
from invoke_labeller.failure import Failure, FailureCode
from invoke_labeller.pending_index import PendingIndex
from invoke_labeller.ports import Label, PendingRow
from invoke_labeller.row import READ, WRITTEN, Status
from invoke_labeller.stream import submissions
from invoke_labeller.table import Table

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
# Names of attributes in an expression: no value, no operator, and no function.
NAME = re.compile(r"(?<![:\w])#?([A-Z][a-z]\w*)")
CHANGED = re.compile(r"#?([A-Z]\w*) =")


class Client:
    """DynamoDB that remembers what it is asked, and has nothing."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []

    def get_item(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        return {}

    def update_item(self, **asked: Any) -> None:
        self.asked.append(asked)

    def query(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        return {"Items": []}

    def get_paginator(self, _: str) -> "Client":
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        return iter([self.query(**asked)])


class Image(dict[str, Any]):
    """A new image that remembers which of its attributes are looked at."""

    def __init__(self, **attributes: str) -> None:
        super().__init__({name: {"S": value} for name, value in attributes.items()})
        self.read: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)


@pytest.fixture
def client() -> Client:
    """The client, after everything that the functions do to a row."""
    found = Client()
    dynamodb = cast("Any", found)
    table = Table(dynamodb, "ImageLabels", "model", "1")
    failed = FailedIndex(dynamodb, "ImageLabels", "Failed")
    pending = PendingIndex(dynamodb, "ImageLabels", "Pending")
    failure, row = Failure(FailureCode.FILE_TOO_LARGE, "Large.", NOW), PendingRow(ID, "2026", 0)
    table.waiting(ID)
    table.classify(ID, (Label("cat", 1.0),), NOW, incomplete=True)
    table.fail(ID, failure)
    failed.failed(FailureCode.FILE_TOO_LARGE, None, NOW, 1)
    failed.requeue(ID, NOW)
    list(pending.overdue("f", NOW, 1))
    pending.touch(row, NOW, NOW, NOW, counts=True)
    pending.try_last(row, NOW, NOW, NOW)
    pending.abandon(row, failure, NOW)
    return found


def test_what_is_written_or_removed_is_described(client: Client) -> None:
    changes = [each["UpdateExpression"] for each in client.asked if "UpdateExpression" in each]

    written = {name for each in changes for name in CHANGED.findall(each)}
    removed = {name for each in changes for name in NAME.findall(each.partition("REMOVE")[2])}

    assert written | removed == set(WRITTEN)


def test_what_is_read_is_described(client: Client) -> None:
    image = Image(Status=Status.NOT_CLASSIFIED)
    keys = {"Id": {"S": ID}}
    submissions(
        {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": image, "Keys": keys}}]}
    )

    expressions = [
        text
        for each in client.asked
        for key, text in each.items()
        if key in ("ConditionExpression", "KeyConditionExpression", "ProjectionExpression")
    ]
    named = {name for text in expressions for name in NAME.findall(text)}

    assert named | image.read | set(keys) == set(READ)
