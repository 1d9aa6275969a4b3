"""The functions' and the servers' logs, in one stream."""

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local_aws.errors import UsageError
from local_aws.servers.plans import TITLES
from local_aws.using.entries import Entry

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
        names: Parts of the names of those wanted; if there are none, the servers' logs: those of
            tools that have ended are shown when they are named.
        tail: How many lines of a file that was not read before.
    """

    directory: "Path"
    names: "Sequence[str]" = ()
    tail: int = TAIL
    _read: dict["Path", int] = field(default_factory=dict)

    def logs(self) -> list[str]:
        """Return the names of all that there are."""
        return [path.stem for path in self._paths()]

    def entries(self) -> "Iterator[Entry]":
        """Yield new lines; of a file not read before, its last ones."""
        for path in self._paths():
            wanted = _wanted(path.stem, self.names) if self.names else path.stem in TITLES
            if wanted:
                yield from (Entry(path.stem, line) for line in self._new(path))

    def _paths(self) -> "list[Path]":
        paths = sorted(self.directory.glob("*.log"))
        return [path for path in paths if ".previous" not in path.name]

    def _new(self, path: "Path") -> list[str]:
        known = self._read.get(path)
        if known is not None and path.stat().st_size < known:
            known = 0  # a server that was started again begins a new file
        with path.open("rb") as file:
            file.seek(known or 0)
            lines = file.read().decode(errors="replace").splitlines()
            self._read[path] = file.tell()
        return lines if known is not None else _last(lines, self.tail)


@dataclass
class Functions:
    """The log groups of CloudWatch Logs, read from where the last reading ended.

    Attributes:
        client: Client of CloudWatch Logs.
        names: Parts of the names of the groups wanted; all if there are none.
        tail: How many events of a group that was not read before.
    """

    client: "CloudWatchLogsClient"
    names: "Sequence[str]" = ()
    tail: int = TAIL
    _seen: set[tuple[str, str, int, str]] = field(default_factory=set)
    _read: set[str] = field(default_factory=set)
    _since: int = 0

    def logs(self) -> list[str]:
        """Return the names of all that there are; none where they cannot be asked for."""
        try:
            return self._groups()
        except (BotoCoreError, ClientError):
            return []

    def entries(self) -> "Iterator[Entry]":
        """Yield the new events, oldest first; of a group not read before, its last ones."""
        events: list[tuple[int, str, str]] = []
        try:
            for group in self._groups():
                if _wanted(group, self.names):
                    events += self._new(group)
        except (BotoCoreError, ClientError):
            yield Entry("make", "MiniStack does not answer: make status")
        for stamp, name, message in sorted(events, key=operator.itemgetter(0)):
            self._since = max(self._since, stamp)
            yield Entry(name.rsplit("/", 1)[-1], message, stamp)

    def _groups(self) -> list[str]:
        pages = self.client.get_paginator("describe_log_groups").paginate()
        return [group["logGroupName"] for page in pages for group in page["logGroups"]]

    def _new(self, group: str) -> "list[tuple[int, str, str]]":
        events = list(self._events(group))
        if group in self._read:
            return events
        self._read.add(group)
        return _last(sorted(events, key=operator.itemgetter(0)), self.tail)

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


def check(sources: "Sequence[Files | Functions]", names: "Sequence[str]") -> None:
    """Check that there is a log for each part of a name.

    Raises:
        UsageError: If there is none; the message lists those that there are.
    """
    there = sorted({log.rsplit("/", 1)[-1] for source in sources for log in source.logs()})
    for name in names:
        if not any(_wanted(log, [name]) for source in sources for log in source.logs()):
            some = ", ".join(there) or "none at all"
            raise UsageError(f"No log's name has {name!r} in it. There are {some}.")


def _wanted(name: str, names: "Sequence[str]") -> bool:
    return not names or any(part in name for part in names)


def _last[T](entries: list[T], number: int) -> list[T]:
    return entries[len(entries) - number :] if number < len(entries) else entries
