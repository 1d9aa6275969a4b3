import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance import calls
from conformance.calls import Call
from conformance.scenario import RECORDER

ROW = {"TableName": "ImageLabels", "Key": {"Id": {"S": "a"}}}
# Rule, service, operation, parameters that break it.
BROKEN: list[tuple[str, str, str, dict[str, Any]]] = [
    ("operation", "dynamodb", "GetRow", ROW),
    ("operation", "dynamodbb", "GetItem", ROW),
    ("required", "dynamodb", "GetItem", {"TableName": "ImageLabels"}),
    ("unknown", "dynamodb", "GetItem", ROW | {"Consistent": True}),
    ("type", "dynamodb", "GetItem", ROW | {"ConsistentRead": "yes"}),
    ("type", "dynamodb", "GetItem", ROW | {"TableName": 5}),
    ("type", "logs", "FilterLogEvents", {"logGroupName": "a", "limit": True}),
    ("min", "dynamodb", "GetItem", ROW | {"TableName": ""}),
    ("max", "dynamodb", "GetItem", ROW | {"TableName": "a" * 1025}),
    ("max", "logs", "FilterLogEvents", {"logGroupName": "a", "limit": 10001}),
    ("enum", "dynamodb", "GetItem", ROW | {"ReturnConsumedCapacity": "ALL"}),
    ("pattern", "logs", "FilterLogEvents", {"logGroupName": "a b"}),
    (
        "pattern",
        "sagemaker-runtime",
        "InvokeEndpoint",
        {"EndpointName": "a_b", "Body": {"$bytes": "", "length": 1}},
    ),
    (
        "max",
        "sagemaker-runtime",
        "InvokeEndpoint",
        {"EndpointName": "a", "Body": {"$bytes": "", "length": 30_000_000}},
    ),
]
PROGRAM = """
import boto3
from botocore.stub import Stubber

client = boto3.client("dynamodb", "us-west-1", aws_access_key_id="a", aws_secret_access_key="b")
with Stubber(client) as stub:
    stub.add_response("get_item", {"Item": {"Id": {"S": "a"}}})
    answer = client.get_item(TableName="ImageLabels", Key={"Id": {"S": "a"}})
    answer["Item"]["Id"]["S"]
    answer.get("Items")
    stub.add_response("put_item", {})
    client.put_item(TableName="ImageLabels", Item={"Id": {"S": "a"}, "Bytes": {"B": b"abc"}})
"""


@pytest.mark.parametrize(
    ("rule", "service", "operation", "parameters"),
    BROKEN,
    ids=[f"{each[0]}-{number}" for number, each in enumerate(BROKEN)],
)
def test_each_rule_is_found_broken(
    rule: str, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    found = calls.findings(Call(service, operation, "test", parameters))

    assert [each.split(":")[0] for each in found] == [rule]


@pytest.mark.parametrize(
    ("read", "there"),
    [
        (("Item",), True),
        (("Item", "Id", "S"), True),
        (("ResponseMetadata", "RequestId"), True),
        (("Items",), False),
        (("Item", "Id", "T"), False),
        (("ConsumedCapacity", "Units"), False),
    ],
)
def test_what_is_read_must_be_in_the_answer(read: tuple[str, ...], *, there: bool) -> None:
    found = calls.findings(Call("dynamodb", "GetItem", "test", read=read))

    assert found == ([] if there else [f"answer: there is no {'.'.join(read)}"])


def test_the_recorder_notes_calls_and_what_is_read(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"

    subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"PYTHONPATH": str(RECORDER), "CONFORMANCE_CALLS": str(file)},
        check=True,
    )

    recorded = calls.recorded(file)
    given = [each.parameters for each in recorded if each.parameters]
    assert given == [ROW, {"TableName": "ImageLabels", "Item": given[1]["Item"]}]
    assert given[1]["Item"]["Bytes"]["B"] == {"$bytes": "YWJj", "length": 3}
    read = {each.read for each in recorded if each.parameters is None}
    assert {("Item",), ("Item", "Id"), ("Item", "Id", "S"), ("Items",)} <= read
    assert [fault for each in recorded for fault in calls.findings(each)] == [
        "answer: there is no Items"
    ]


def test_nothing_is_recorded_unless_asked(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CONFORMANCE_CALLS"}

    subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(RECORDER)},
        check=True,
    )

    assert not list(tmp_path.iterdir())


def test_a_call_that_is_made_twice_is_held_once(tmp_path: Path) -> None:
    line = json.dumps(
        {"service": "sts", "operation": "GetCallerIdentity", "parameters": {}, "caller": "a"}
    )
    file = tmp_path / "calls.jsonl"
    file.write_text(f"{line}\n{line}\n")

    assert len(calls.recorded(file)) == 1
