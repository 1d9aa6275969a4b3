"""The ports of the service, in memory; `log` tells what happened in which order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from lambda_common.problems import Problem
from submit_image.deadline import Deadline
from submit_image.pictures import Picture
from submit_image.ports import Form, RowExistsError
from submit_image.records import Record
from submit_image.row import Status
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


def nothing() -> None:
    pass


@dataclass
class FakeUploads:
    """What was uploaded; `after_reading` is what happens between reading and storing a file."""

    files: dict[UUID, bytes] = field(default_factory=dict)
    fault: Exception | None = None
    offered: list[tuple[UUID, str, int, int]] = field(default_factory=list)
    after_reading: Callable[[], None] = nothing
    log: list[str] = field(default_factory=list)

    def form(self, upload_id: UUID, content_type: str, length: int, seconds: int) -> Form:
        self.offered.append((upload_id, content_type, length, seconds))
        return Form("https://images.example/", {"key": f"uploads/{upload_id}"})

    def read(self, upload_id: UUID) -> bytes | None:
        if self.fault:
            raise self.fault
        content = self.files.get(upload_id)
        self.after_reading()
        return content

    def exists(self, upload_id: UUID) -> bool:
        return upload_id in self.files

    def remove(self, upload_id: UUID) -> None:
        if self.fault:
            raise self.fault
        self.log.append("upload removed")
        self.files.pop(upload_id, None)


@dataclass
class FakePictures:
    log: list[str]
    fault: Exception | None = None
    pictures: dict[UUID, Picture] = field(default_factory=dict)

    def put(self, image_id: UUID, picture: Picture) -> None:
        if self.fault:
            raise self.fault
        self.log.append("object")
        self.pictures[image_id] = picture

    def remove(self, image_id: UUID) -> None:
        if self.fault:
            raise self.fault
        self.log.append("object removed")
        self.pictures.pop(image_id, None)


@dataclass
class FakeRows:
    log: list[str]
    fault: Exception | None = None
    rows: list[Record] = field(default_factory=list)
    done: dict[UUID, Status] = field(default_factory=dict)

    def add(self, row: Record) -> None:
        if self.fault:
            raise self.fault
        if status := self.status(row.image_id):
            raise RowExistsError(status)
        self.log.append("row")
        self.rows.append(row)

    def status(self, image_id: UUID) -> Status | None:
        found = [row for row in self.rows if row.image_id == image_id]
        return self.done.get(image_id, Status.NOT_CLASSIFIED) if found else None

    def remove(self, image_id: UUID) -> None:
        if self.fault:
            raise self.fault
        self.log.append("row removed")
        self.rows = [row for row in self.rows if row.image_id != image_id]
