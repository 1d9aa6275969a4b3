"""DynamoDB streams and the poller that brings them to Lambda."""

from typing import Any

import pytest

from tests.gaps.conftest import Eventually, World, unique
from tests.gaps.test_lambda import invocations

# A function under /aws/lambda writes what it saw to a table, the one memory that its calls share.
SEEN = """
import boto3, os
table = boto3.resource("dynamodb").Table(os.environ["SEEN"])
def handle(event, context):
    for record in event["Records"]:
        table.update_item(
            Key={"Id": record["dynamodb"]["Keys"]["Id"]["S"]},
            UpdateExpression="ADD Times :one",
            ExpressionAttributeValues={":one": 1},
        )
    print("processed")
"""
PARTIAL = (
    SEEN
    + """
    return {"batchItemFailures": [
        {"itemIdentifier": r["dynamodb"]["SequenceNumber"]} for r in event["Records"]]}
"""
)
FAILING = SEEN + '\n    raise RuntimeError("always")\n'


class Stream:
    """A table with a stream, a function on it, and what the function saw."""

    def __init__(self, world: World, code: str, **mapping: Any) -> None:
        self._resource = world.session.resource("dynamodb", endpoint_url=world.url)
        self._source = self._table(
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        )
        self._seen = self._table()
        # Of the poller's own permissions (dynamodb:GetRecords …) it has none.
        role = world.role({"Effect": "Allow", "Action": "dynamodb:UpdateItem", "Resource": "*"})
        environment = {"Variables": {"SEEN": self._seen.name}}
        self.function = world.function(code, role, Environment=environment, Timeout=10)
        self.mapping = world.client("lambda").create_event_source_mapping(
            FunctionName=self.function,
            EventSourceArn=self._source.latest_stream_arn,
            StartingPosition="TRIM_HORIZON",
            **mapping,
        )["UUID"]

    def put(self, key: str) -> None:
        self._source.put_item(Item={"Id": key})

    def seen(self, key: str) -> int:
        item = self._seen.get_item(Key={"Id": key}).get("Item", {})
        return int(item.get("Times", 0))

    def _table(self, **more: Any) -> Any:
        return self._resource.create_table(
            TableName=unique("table"),
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            **more,
        )


@pytest.fixture
def stream(world: World) -> Any:
    made: list[Stream] = []

    def make(code: str, **mapping: Any) -> Stream:
        made.append(Stream(world, code, **mapping))
        return made[-1]

    yield make
    for each in made:
        world.client("lambda").delete_event_source_mapping(UUID=each.mapping)


def test_partial_batch_failures_are_ignored(stream: Any, eventually: Eventually) -> None:
    """So a record that the labeller gave back is not retried here; the sweep sends it again."""
    source = stream(PARTIAL, FunctionResponseTypes=["ReportBatchItemFailures"])

    source.put("a")
    eventually(lambda: source.seen("a") == 1)
    source.put("b")

    eventually(lambda: source.seen("b") == 1)
    assert source.seen("a") == 1


def test_the_number_of_retries_and_bisecting_are_ignored(
    stream: Any, eventually: Eventually
) -> None:
    """So a batch that raises blocks its shard until its records are too old, healthy ones too."""
    source = stream(FAILING, MaximumRetryAttempts=0, BisectBatchOnFunctionError=True, BatchSize=2)
    source.put("poison")
    source.put("healthy")

    eventually(lambda: source.seen("poison") > 1)


def test_the_poller_needs_no_permission_and_its_calls_are_not_counted(
    world: World, stream: Any, eventually: Eventually
) -> None:
    """So the role's stream permissions are asserted statically, and no alarm sees the stream."""
    source = stream(SEEN)

    source.put("a")

    eventually(lambda: source.seen("a") == 1)
    assert invocations(world, source.function) == 0
