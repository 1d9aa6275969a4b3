"""Runs scenarios with the labeller's real handler: submits, polls the stream, delivers batches.

It is a process of its own, which reads a scenario as a line of JSON and answers with another.
"""

import http.client
import json
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics
from invoke_labeller import clients, times
from invoke_labeller.endpoint import Endpoint
from invoke_labeller.label_handler import Handler, create_handler
from invoke_labeller.labeller import Labeller
from invoke_labeller.pending_index import PendingIndex
from invoke_labeller.ports import Label, Prepared, Waiting
from invoke_labeller.row import Status
from invoke_labeller.sweep import Pace, Sweep
from invoke_labeller.table import Table
from local_aws.tools.environ import ACCESS_KEY

from capacity.validation import records
from capacity.validation.attempts import Attempts

PENDING = "Pending"
READ_SECONDS = 0.08
AHEAD_SECONDS = 0.5


@dataclass
class Context:
    """What the handler needs of Lambda's context."""

    function_name: str = "labeller"
    memory_limit_in_mb: int = 1769
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:labeller"
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        """Return the same time always: no batch takes long."""
        return 300_000


class Proxy:
    """Calls the proxy, with a connection for each thread."""

    def __init__(self, url: str) -> None:
        self._netloc = urlsplit(url).netloc
        self._local = threading.local()

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send a request and return status and answer."""
        if not hasattr(self._local, "connection"):
            self._local.connection = http.client.HTTPConnection(self._netloc, timeout=120)
        connection = self._local.connection
        connection.request(method, path, json.dumps(body))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


class Timed:
    """Rows, pictures, and decoder: the real table, and waits in place of S3 and decoding.

    Attributes:
        labelled: When each picture was labelled, by the monotonic clock.
        besides: Seconds that each labelled picture took besides those waits, where its label was
            written at once: the wait before another attempt is simulated, too.
        spans: When each labelled picture was begun, and when it was done.
    """

    def __init__(self, table: Table, attempts: Attempts, own: list[float]) -> None:
        self._table, self._attempts = table, attempts
        self._own = iter(own)
        self._local = threading.local()
        self._lock = threading.Lock()
        self.labelled: dict[str, float] = {}
        self.besides: list[float] = []
        self.spans: dict[str, tuple[float, float]] = {}

    def waiting(self, image_id: str) -> Waiting | None:
        """Read the row."""
        self._local.began = time.monotonic()
        return self._table.waiting(image_id)

    def read(self, _image_id: str) -> bytes:
        """Wait for the half of the labeller's time that is before the call."""
        with self._lock:
            self._local.own = next(self._own)
        time.sleep(self._local.own / 2)
        return b"picture"

    def prepare(self, file: bytes, _until: float) -> Prepared:
        """Return the picture as it is."""
        return Prepared(file)

    def classify(
        self, image_id: str, labels: tuple[Label, ...], at: datetime, *, incomplete: bool = False
    ) -> bool:
        """Wait for the other half, and write the label."""
        time.sleep(self._local.own / 2)
        self._attempts.begin()
        written = self._table.classify(image_id, labels, at, incomplete=incomplete)
        if written:
            now = time.monotonic()
            self.labelled[image_id] = now
            self.spans[image_id] = (self._local.began, now)
            if self._attempts.number == 1:
                self.besides.append(now - self._local.began - self._local.own)
        return written

    def fail(self, image_id: str, failure: Any) -> bool:
        """Mark the picture FAILED."""
        return self._table.fail(image_id, failure)


class Run:
    """One scenario under way."""

    def __init__(self, scenario: Mapping[str, Any], proxy: Proxy, cloud: str) -> None:
        self._given, self._proxy, self._name = scenario, proxy, scenario["name"]
        self._stop = threading.Event()
        self._local_client = boto3.client("dynamodb", endpoint_url=cloud)
        self._streams = boto3.client("dynamodbstreams", endpoint_url=cloud)
        client = clients.dynamodb()
        self._client = client
        table = Table(client, self._name, "model", "1")
        self._timed = Timed(table, Attempts(client), scenario["own_seconds"])
        model = Endpoint(clients.sagemaker_runtime(), self._name)
        labeller = Labeller(self._timed, self._timed, self._timed, model, times.now)
        logger = Logger(service="validation", level="CRITICAL")

        def handler() -> Handler:
            # Each execution is a process of its own on AWS: they share no metrics.
            metrics = cast("Metrics", EphemeralMetrics(namespace="Validation", service="labeller"))
            return create_handler(labeller, times.now, logger, metrics, scenario["threads"])

        self._lanes = scenario["shards"] * scenario["factor"]
        self._handlers = [handler() for _ in range(self._lanes)]
        self._unread: list[deque[Any]] = [deque() for _ in range(scenario["shards"])]
        self._queues: list[deque[Any]] = [deque() for _ in range(self._lanes)]
        self._changed = threading.Condition()
        self._busy = 0.0
        self._submitted: dict[str, float] = {}
        self._submit_overhead: list[float] = []
        self._batch_overhead: list[float] = []
        self._late: list[float] = []

    def run(self) -> dict[str, Any]:
        """Run it and return what was measured."""
        given = self._given
        self._make_table()
        begins = time.monotonic() + AHEAD_SECONDS
        self._proxy.call("PUT", f"/scenarios/{self._name}", {**given["quotas"], "begins": begins})
        works = [self._read, *([self._sweep] if given["sweeps"] else [])]
        threads = [threading.Thread(target=each, daemon=True) for each in works]
        threads += [
            threading.Thread(target=self._lane, args=(lane,), daemon=True)
            for lane in range(self._lanes)
        ]
        for each in threads:
            each.start()
        with ThreadPoolExecutor(128) as pool:
            submissions = []
            for number, arrival in enumerate(given["arrivals"]):
                self._until(begins + arrival)
                submissions.append(pool.submit(self._submit, number, begins + arrival))
            self._until(begins + given["seconds"])
            end = time.monotonic()
            busy, labelled = self._busy, dict(self._timed.labelled)
            _, counted = self._proxy.call("GET", f"/scenarios/{self._name}")
            self._stop.set()
            with self._changed:
                self._changed.notify_all()
        for each in threads:
            each.join(30)
        for submission in submissions:
            submission.result()
        self._local_client.delete_table(TableName=self._name)
        waits = [
            [self._submitted[each] - begins, when - begins]
            for each, when in labelled.items()
            if when <= end
        ]
        return {
            "name": self._name,
            "waits": waits,
            "counts": counted["counts"],
            "endpoint_seconds": counted["endpoint"],
            "busy_seconds": busy,
            "label_overhead": _mean(self._timed.besides)
            - counted["endpoint"] / max(1, counted["counts"]["calls"]),
            "batch_overhead": _mean(self._batch_overhead),
            "submit_overhead": _mean(self._submit_overhead),
            "late": sorted(self._late)[int(len(self._late) * 0.95)] if self._late else 0.0,
        }

    def _until(self, moment: float) -> None:
        time.sleep(max(0.0, moment - time.monotonic()))

    def _make_table(self) -> None:
        names = {"Id": "S", "PendingShard": "S", "PendingSince": "S"}
        self._local_client.create_table(
            TableName=self._name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind} for name, kind in names.items()
            ],
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": PENDING,
                    "KeySchema": [
                        {"AttributeName": "PendingShard", "KeyType": "HASH"},
                        {"AttributeName": "PendingSince", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        described = self._local_client.describe_table(TableName=self._name)["Table"]
        stream = described["LatestStreamArn"]
        shards = self._streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
        self._iterator = self._streams.get_shard_iterator(
            StreamArn=stream, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    def _submit(self, number: int, due: float) -> None:
        self._late.append(time.monotonic() - due)
        image_id = records.image_id(self._given["title"], number)
        now = times.to_text(times.now())
        item = {
            "Id": image_id,
            "Status": Status.NOT_CLASSIFIED,
            "Label": Status.NOT_CLASSIFIED,
            "SubmittedAt": now,
            "PendingShard": image_id[0],
            "PendingSince": now,
        }
        seconds = self._given["submit_seconds"][number]
        put = {
            "TableName": self._name,
            "Item": {name: {"S": str(value)} for name, value in item.items()},
        }
        self._submitted[image_id] = due
        status, answer = self._proxy.call(
            "POST", f"/submit/{self._name}", {"seconds": seconds, "put": put}
        )
        if status == http.client.OK:
            self._submit_overhead.append(time.monotonic() - due - seconds - answer["start"])

    def _read(self) -> None:
        """Read the stream, and hand each shard's records to its lanes when the shard is polled."""
        shards, poll = self._given["shards"], self._given["poll"]
        began = time.monotonic()
        polled = [began + poll * each / shards for each in range(shards)]
        while not self._stop.is_set():
            answer = self._streams.get_records(ShardIterator=self._iterator)
            self._iterator = answer["NextShardIterator"]
            for record in answer["Records"]:
                change = record["dynamodb"]
                image = change.get("NewImage", {})
                if image.get("Status") == {"S": Status.NOT_CLASSIFIED}:
                    self._unread[self._lane_of(record) % shards].append(record)
            now = time.monotonic()
            for shard in range(shards):
                if now >= polled[shard]:
                    polled[shard] += poll * ((now - polled[shard]) // poll + 1)
                    self._hand_over(shard, now)
            time.sleep(max(0.005, min(*polled, now + READ_SECONDS) - time.monotonic()))

    def _hand_over(self, shard: int, now: float) -> None:
        with self._changed:
            while self._unread[shard]:
                record = self._unread[shard].popleft()
                self._queues[self._lane_of(record)].append((now, record))
            self._changed.notify_all()

    def _lane_of(self, record: Any) -> int:
        image_id = record["dynamodb"]["Keys"]["Id"]["S"]
        return records.lane(image_id, self._given["shards"], self._given["factor"])

    def _lane(self, lane: int) -> None:
        queue, most = self._queues[lane], self._given["batch"]
        while True:
            with self._changed:
                self._changed.wait_for(lambda: queue or self._stop.is_set())
                # A batch is delivered when it is full, or its first record has waited.
                while queue and len(queue) < most and not self._stop.is_set():
                    left = queue[0][0] + self._given["window"] - time.monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        break
                if self._stop.is_set():
                    return
                batch = [queue.popleft()[1] for _ in range(min(most, len(queue)))]
            self._deliver(self._handlers[lane], batch)

    def _deliver(self, handler: Handler, batch: list[Any]) -> None:
        """Deliver a batch, as `invoke_labeller/tests/event_source_mapping.py` models it."""
        attempts = 0
        while not self._stop.is_set():
            failed = self._invoke(handler, batch)
            if not failed:
                return
            first = next(
                position
                for position, record in enumerate(batch)
                if record["dynamodb"]["SequenceNumber"] in failed
            )
            # What was labelled before the first failure is not delivered again.
            attempts, batch = (0 if first else attempts), batch[first:]
            if attempts >= self._given["retries"]:
                return
            attempts += 1
            self._stop.wait(self._given["pause"])

    def _invoke(self, handler: Handler, batch: list[Any]) -> set[str]:
        start = self._begin("labeller")
        if start is None:
            return set()
        began = time.monotonic()
        time.sleep(start + self._given["batch_seconds"])
        answer = handler({"Records": batch}, Context())  # type: ignore[arg-type] # all it needs
        self._until(began + len(batch) * self._given["cpu_seconds"])
        self._proxy.call("POST", f"/functions/{self._name}/labeller/end")
        took = time.monotonic() - began
        spans = [self._timed.spans.get(each["dynamodb"]["Keys"]["Id"]["S"]) for each in batch]
        with self._changed:
            self._busy += took
            known = [each for each in spans if each]
            if len(known) == len(batch) and not self._given["cpu_seconds"]:
                working = max(end for _, end in known) - min(start for start, _ in known)
                self._batch_overhead.append(took - working - start - self._given["batch_seconds"])
        return {each["itemIdentifier"] for each in answer["batchItemFailures"]}

    def _begin(self, function: str) -> float | None:
        """Wait for an execution; return the seconds of its start, or None at the end."""
        while True:
            path = f"/functions/{self._name}/{function}/begin"
            status, answer = self._proxy.call("POST", path)
            if status == http.client.OK:
                return float(answer["start"])
            if self._stop.wait(self._given["throttled_seconds"]):
                return None

    def _sweep(self) -> None:
        given = self._given["sweep"]
        rows = PendingIndex(self._client, self._name, PENDING)
        sweep = Sweep(
            rows,
            times.now,
            Pace(
                timedelta(seconds=given["after"]),
                timedelta(seconds=given["give_up"]),
                given["limit"],
            ),
        )
        while not self._stop.wait(given["every"]):
            if self._begin("sweep") is None:
                return
            sweep.run(None, lambda: not self._stop.is_set())
            self._proxy.call("POST", f"/functions/{self._name}/sweep/end")


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def main(proxy: str, cloud: str) -> None:
    """Run one scenario after the other."""
    os.environ |= {
        "AWS_ENDPOINT_URL_DYNAMODB": proxy,
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": proxy,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "POWERTOOLS_METRICS_DISABLED": "true",
    }
    logging.disable(logging.CRITICAL)
    calls = Proxy(proxy)
    answers = sys.stdout
    # The handler prints its metrics.
    with Path(os.devnull).open("w") as sys.stdout:
        for line in sys.stdin:
            found = Run(json.loads(line), calls, cloud).run()
            answers.write(json.dumps(found) + "\n")
            answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
