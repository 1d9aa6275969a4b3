"""The functions' and the servers' logs, in one stream."""

import operator
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local_aws.clients import TIMEOUTS, session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mypy_boto3_logs import CloudWatchLogsClient

INTERVAL = 0.5
TAIL = 20


@dataclass
class Files:
    """Log files, read from where the last reading ended.

    Attributes:
        directory: Where they are.
        names: Parts of the names of those wanted; all if there are none.
    """

    directory: "Path"
    names: "Sequence[str]" = ()
    _read: dict["Path", int] = field(default_factory=dict)

    def lines(self) -> "Iterator[str]":
        """Yield new lines; of a file not read before, its last ones."""
        for path in sorted(self.directory.glob("*.log")):
            if _wanted(path.stem, self.names) and ".previous" not in path.name:
                yield from (f"{path.stem} | {line}" for line in self._new(path))

    def _new(self, path: "Path") -> list[str]:
        known = self._read.get(path)
        if known is not None and path.stat().st_size < known:
            known = 0  # a server that was started anew begins a new file
        with path.open("rb") as file:
            file.seek(known or 0)
            lines = file.read().decode(errors="replace").splitlines()
            self._read[path] = file.tell()
        return lines if known is not None else lines[-TAIL:]


@dataclass
class Functions:
    """The log groups of CloudWatch Logs, read from where the last reading ended.

    Attributes:
        client: Client of CloudWatch Logs.
        names: Parts of the names of the groups wanted; all if there are none.
    """

    client: "CloudWatchLogsClient"
    names: "Sequence[str]" = ()
    _seen: set[tuple[str, str, int, str]] = field(default_factory=set)
    _since: int = 0

    def lines(self) -> "Iterator[str]":
        """Yield the new events' messages, oldest first."""
        events: list[tuple[int, str, str]] = []
        try:
            for page in self.client.get_paginator("describe_log_groups").paginate():
                for group in page["logGroups"]:
                    if _wanted(group["logGroupName"], self.names):
                        events += self._events(group["logGroupName"])
        except (BotoCoreError, ClientError):
            yield "MiniStack does not answer: make status"
        for stamp, name, message in sorted(events, key=operator.itemgetter(0)):
            self._since = max(self._since, stamp)
            clock = time.strftime("%H:%M:%S", time.localtime(stamp / 1000))
            yield f"{name.rsplit('/', 1)[-1]} | {clock} {message.rstrip()}"

    def _events(self, group: str) -> "Iterator[tuple[int, str, str]]":
        pages = self.client.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=self._since
        )
        for page in pages:
            for event in page["events"]:
                # MiniStack's events have no id.
                identity = (group, event["logStreamName"], event["timestamp"], event["message"])
                if identity not in self._seen:
                    self._seen.add(identity)
                    yield event["timestamp"], group, event["message"]


def functions(url: str, region: str, names: "Sequence[str]") -> Functions:
    """Return the functions' logs of a cloud.

    Args:
        url: Where MiniStack answers.
        region: Region of the functions.
        names: Parts of the names of the groups wanted; all if there are none.
    """
    return Functions(session(region).client("logs", endpoint_url=url, config=TIMEOUTS), names)


def _wanted(name: str, names: "Sequence[str]") -> bool:
    return not names or any(part in name for part in names)
