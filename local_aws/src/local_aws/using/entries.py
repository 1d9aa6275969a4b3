"""Lines of a log, for people and for programs."""

import json
import time
from dataclasses import dataclass
from typing import Any

from local_aws.using.pictures import printable

# What Powertools says of the function with every line, and what has a place of its own.
UNSHOWN = {
    *("level", "message", "timestamp", "location", "service", "sampling_rate", "cold_start"),
    *("function_name", "function_arn", "function_memory_size", "function_request_id"),
    *("xray_trace_id", "exception", "stack_trace"),
}
METRICS = "_aws"


@dataclass(frozen=True)
class Entry:
    """A line of a log.

    Attributes:
        log: The log's name.
        message: What was written.
        milliseconds: When, since the epoch; None where the log does not say it.
    """

    log: str
    message: str
    milliseconds: int | None = None

    @property
    def text(self) -> str:
        """The line for people: name, time, level, message, and what was logged with it."""
        document = _document(self.message)
        shown = (
            printable(self.message.expandtabs(1).rstrip())
            if document is None
            else _sentence(document)
        )
        if self.milliseconds is None:
            return f"{self.log} | {shown}"
        clock = time.strftime("%H:%M:%S", time.localtime(self.milliseconds / 1000))
        return f"{self.log} | {clock} {shown}"

    @property
    def json(self) -> str:
        """The line for programs; what was logged as JSON stays JSON."""
        document = _document(self.message)
        message = self.message.rstrip("\n") if document is None else document
        return json.dumps({"Log": self.log, "Milliseconds": self.milliseconds, "Message": message})


def _document(message: str) -> dict[str, Any] | None:
    try:
        document = json.loads(message)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _sentence(document: dict[str, Any]) -> str:
    if METRICS in document:
        return f"METRIC {_pairs(_measured(document))}"
    rest = {name: value for name, value in document.items() if name not in UNSHOWN}
    parts = [str(document.get("level", "")), str(document.get("message", "")), _pairs(rest)]
    return " ".join(printable(word) for word in parts if word)


def _measured(document: dict[str, Any]) -> dict[str, Any]:
    """Return the metrics of a line in CloudWatch's embedded metric format.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    directives = document[METRICS].get("CloudWatchMetrics") or []
    names = [each["Name"] for directive in directives for each in directive.get("Metrics", [])]
    return {name: document.get(name) for name in names}


def _pairs(values: dict[str, Any]) -> str:
    return " ".join(
        f"{name}={value if isinstance(value, str) else json.dumps(value)}"
        for name, value in values.items()
        if value is not None
    )
