"""What the tests share: where the component is, and the things that AWS would hand to it."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics

ROOT = Path(__file__).parent.parent
REGION = "us-west-1"
START = datetime(2026, 11, 23, 7, 51, 11, 123000, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that moves on command."""

    time: datetime = START

    def __call__(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class FakeContext:
    """What Lambda passes in addition to the event."""

    remaining: Callable[[], int] = lambda: 240_000
    function_name: str = "InvokeLabeller"
    memory_limit_in_mb: int = 1769
    invoked_function_arn: str = "arn:aws:lambda:us-west-1:123456789012:function:InvokeLabeller"
    aws_request_id: str = "5fd9f2b6-1d51-4a7f-8f6c-0d4f7b1f8a11"

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining()


def least_seconds(work: Callable[[], object], attempts: int = 3) -> float:
    """The least processor time of several attempts: what else the machine does only adds to it."""

    def seconds() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return min(seconds() for _ in range(attempts))


class Log:
    """A logger whose lines can be read."""

    def __init__(self) -> None:
        self._stream = StringIO()
        # Loggers of one name are one, so each test's has a name of its own.
        self.logger = Logger(service=f"test-{uuid4()}", stream=self._stream)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


def metrics() -> Metrics:
    """Metrics that share nothing with those of other tests, though Powertools types them apart."""
    return cast("Metrics", EphemeralMetrics(namespace="ImageLabeller", service="invoke_labeller"))


def published(output: str) -> dict[str, list[float]]:
    """The values of the metrics in what a function printed (embedded metric format)."""
    documents = [json.loads(line) for line in output.splitlines() if '"_aws"' in line]
    return {
        metric["Name"]: document[metric["Name"]]
        for document in documents
        for metric in document["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    }


def record(image_id: str, number: int, event_name: str = "INSERT", **attributes: str) -> Any:
    """A record of the table's stream as Lambda delivers it, view type NEW_IMAGE."""
    image = {
        "Id": image_id,
        "Status": "NOT_CLASSIFIED",
        "Label": "NOT_CLASSIFIED",
        "SubmittedAt": "2026-11-23T07:51:10.623Z",
        **attributes,
    }
    return {
        "eventID": f"{number:032x}",
        "eventName": event_name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": {
            "ApproximateCreationDateTime": 1795420271,
            "Keys": {"Id": {"S": image_id}},
            "NewImage": {name: {"S": value} for name, value in image.items()},
            "SequenceNumber": str(number),
            "SizeBytes": 200,
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-west-1:123456789012:table/ImageLabels/stream/1",
    }


def readme_table(heading: str) -> dict[str, list[str]]:
    """The rows of the README's table below a heading: the further cells, by the first one."""
    readme = (ROOT / "README.md").read_text()
    section = readme.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:3] == "| `"]
    return {cells[0].strip("`"): cells[1:] for cells in rows}
