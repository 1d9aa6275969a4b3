"""The ports of the service, in memory; `log` tells what happened in which order."""

from dataclasses import dataclass, field
from uuid import UUID

from submit_image.deadline import Deadline
from submit_image.pictures import Picture
from submit_image.problems import Problem
from submit_image.records import Record
from submit_image.urls import Target


@dataclass
class FakeDownloads:
    content: bytes = b""
    problem: Problem | None = None
    asked: list[tuple[Target, Deadline]] = field(default_factory=list)

    def fetch(self, target: Target, deadline: Deadline) -> bytes:
        self.asked.append((target, deadline))
        if self.problem:
            raise self.problem
        return self.content


@dataclass
class FakeImages:
    log: list[str]
    fault: Exception | None = None
    pictures: dict[UUID, Picture] = field(default_factory=dict)

    def put(self, image_id: UUID, picture: Picture) -> None:
        if self.fault:
            raise self.fault
        self.log.append("object")
        self.pictures[image_id] = picture


@dataclass
class FakeRecords:
    log: list[str]
    fault: Exception | None = None
    records: list[Record] = field(default_factory=list)

    def add(self, record: Record) -> None:
        if self.fault:
            raise self.fault
        self.log.append("row")
        self.records.append(record)
