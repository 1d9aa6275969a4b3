"""Both APIs and the images bucket, as the page knows them, with faults on demand.

What is answered follows the OpenAPI documents of submit_image and get_image_label.
"""

import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

KEY = "a-key-for-tests"
MODEL = {"Name": "efficientnet-lite2", "Version": "1.0.0"}
LABELS = [("Egyptian cat", 0.544), ("tiger cat", 0.181), ("tabby", 0.112), ("lynx", 0.011)]
FEWER_LABELS = [("espresso", 0.888), ("cup", 0.01), ("consomme", 0.009)]
STATUSES = {
    "forbidden": 403,
    "image-not-available": 422,
    "image-too-large": 413,
    "internal-error": 500,
    "invalid-url": 400,
    "temporarily-unavailable": 503,
    "too-many-pixels": 422,
    "too-many-requests": 429,
    "unknown-image": 404,
    "unknown-upload": 404,
    "unsupported-image": 415,
    "url-not-allowed": 400,
}
PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG|GIF8|BM|II\*|MM\0|RIFF|....ftyp", re.DOTALL)


class RefusalError(Exception):
    """A request that is answered with a problem document."""

    def __init__(self, slug: str, detail: str = "", **headers: str) -> None:
        super().__init__(slug)
        self.status = STATUSES[slug]
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = {
            "type": f"urn:imagelabeller:problem:{slug}",
            "title": slug,
            "status": self.status,
            "detail": detail or f"Details of {slug}.",
        }


@dataclass
class Fault:
    """What goes wrong with some requests.

    Attributes:
        route: `POST /uploads`, `POST bucket` and so on.
        kind: `reset` closes the connection before the request is carried out, `lost` after it;
            `expired` is an expired policy; others are the slug of a problem.
        every: One request of so many.
        times: How many in all.
        retry_after: Seconds.
    """

    route: str
    kind: str
    every: int = 1
    times: int = 1_000_000
    retry_after: int = 1


@dataclass
class Row:
    """A row of the table.

    Attributes:
        submitted: Seconds of the monotonic clock.
        fails: Its failure code.
        source: Where it came from, an upload or a URL.
    """

    submitted: float
    fails: str | None
    source: str


@dataclass
class Service:
    """Everything behind the page.

    Attributes:
        key: The API key, None for AuthMode None.
        label_seconds: How long the model takes.
        asleep: Whether the model answers nothing.
        incomplete: Whether a part of every picture was missing.
        max_bytes: The largest file.
        labels: What the model says of a picture with a digest, or of any.
        faults: What goes wrong.
        offered: Uploads that may be made: by id, the size.
        objects: Uploads that were made.
        rows: By id.
        requests: What was asked, by route and status.
        asked_at: When it was asked, by route, in seconds of the monotonic clock.
        bucket_seconds: How long the bucket takes.
        url: Origin of the page and the APIs.
        bucket_url: Origin of the bucket.
    """

    key: str | None = KEY
    label_seconds: float = 0.2
    asleep: bool = False
    incomplete: bool = False
    max_bytes: int = 10_485_760
    labels: Callable[[bytes | None], list[tuple[str, float]]] = lambda _: LABELS
    faults: list[Fault] = field(default_factory=list)
    offered: dict[str, int] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    asked_at: dict[str, list[float]] = field(default_factory=dict)
    bucket_seconds: float = 0.0
    url: str = ""
    bucket_url: str = ""
    _seen: Counter[str] = field(default_factory=Counter)
    _done: Counter[int] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, route: str) -> Fault | None:
        """Return what goes wrong with the next request of a route."""
        with self._lock:
            self.asked_at.setdefault(route, []).append(time.monotonic())
            self._seen[route] += 1
            for index, fault in enumerate(self.faults):
                due = self._seen[route] % fault.every == 0 and self._done[index] < fault.times
                if fault.route == route and due:
                    self._done[index] += 1
                    return fault
        return None

    def injected(self) -> dict[str, int]:
        """Return how often each fault happened, by route and kind."""
        found: Counter[str] = Counter()
        for index, fault in enumerate(self.faults):
            found[f"{fault.route} {fault.kind}"] += self._done[index]
        return dict(found)

    def upload(self, size: int) -> dict[str, Any]:
        """Offer an upload."""
        if size > self.max_bytes:
            raise RefusalError("image-too-large", f"The file has more than {self.max_bytes} bytes.")
        name = str(uuid.uuid4())
        self.offered[name] = size
        return {
            "UploadId": name,
            "Url": f"{self.bucket_url}/images",
            "Fields": {"key": f"uploads/{name}", "Content-Type": "image/jpeg", "policy": "e30="},
            "ExpiresAt": "2030-01-01T00:00:00Z",
            "MaxBytes": self.max_bytes,
        }

    def submit(self, body: dict[str, str]) -> dict[str, str]:
        """Submit an upload or a URL."""
        if "uploadId" in body:
            name = body["uploadId"]
            if name not in self.objects:
                raise RefusalError("unknown-upload")
            content = self.objects[name]
            if not PICTURE.match(content):
                raise RefusalError("unsupported-image")
            if refused := re.search(rb"refused-([a-z-]+);", content):
                raise RefusalError(refused[1].decode())
            fails = re.search(rb"fails-([a-z-]+);", content)
            self.rows.setdefault(
                name, Row(time.monotonic(), fails[1].decode() if fails else None, "upload")
            )
        else:
            host = urlsplit(body["url"]).hostname or ""
            if host == "localhost":
                raise RefusalError("url-not-allowed")
            if "missing" in body["url"]:
                raise RefusalError("image-not-available", "The server answered with 404.")
            name = str(uuid.uuid4())
            self.rows[name] = Row(time.monotonic(), None, body["url"])
        return {"ImageId": name, "Status": "NOT_CLASSIFIED"}

    def look_up(self, name: str) -> dict[str, Any]:
        """Look a picture up."""
        row = self.rows.get(name)
        if row is None:
            raise RefusalError("unknown-image")
        answer: dict[str, Any] = {"ImageId": name, "SubmittedAt": "2026-11-23T07:51:11.123Z"}
        if self.asleep or time.monotonic() - row.submitted < self.label_seconds:
            return answer | {
                "Status": "NOT_CLASSIFIED",
                "ImageLabel": "NOT_CLASSIFIED",
                "Labels": [],
            }
        if row.fails:
            return answer | {
                "Status": "FAILED",
                "ImageLabel": "FAILED",
                "Labels": [],
                "FailureCode": row.fails,
                "FailureReason": f"The reason of {row.fails}.",
            }
        if self.incomplete:
            answer["Incomplete"] = True
        labels = self.labels(self.objects.get(name))
        return answer | {
            "Status": "CLASSIFIED",
            "ImageLabel": ", ".join(label for label, _ in labels),
            "Labels": [{"Name": label, "Confidence": share} for label, share in labels],
            "Model": MODEL,
            "ClassifiedAt": "2026-11-23T07:51:12.456Z",
        }

    def withdraw(self, name: str) -> None:
        """Delete a picture."""
        self.offered.pop(name, None)
        self.objects.pop(name, None)
        self.rows.pop(name, None)
