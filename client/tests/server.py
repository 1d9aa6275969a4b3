"""The API and its bucket in small: a real HTTP server that can fail in each way a client meets."""

import email
import email.policy
import json
import socket
import struct
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "k"
LABELS = [{"Name": "pug", "Confidence": 0.75}, {"Name": "bull mastiff", "Confidence": 0.125}]
MODEL = {"Name": "lite", "Version": "1"}
# How a request is cut off: before it is carried out, or when only its answer is missing.
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Fault:
    """What happens to a request instead of, or after, being carried out.

    Attributes:
        status: The status of the answer; 0 for none at all.
        retry_after: Seconds of the header, or None.
        when: Whether it is carried out first.
        slug: The problem's type.
    """

    status: int = 0
    retry_after: str | None = None
    when: str = BEFORE
    slug: str = ""


RESET, LOST = Fault(), Fault(when=AFTER)


@dataclass(repr=False)
class Application:
    """What the server holds, and what befalls it.

    Attributes:
        faults: By operation ("uploads", "bucket", "submit", "look-up", "withdraw"), what happens to
            the next requests; None lets one through.
        uploaded: The files in the bucket by upload id.
        rows: The pictures by image id: a file's bytes or a URL.
        waits: How many look-ups of each picture find it waiting.
        ask_again: The seconds after which these are to be repeated.
        outcomes: The rest of the look-up's answer, by the picture; labels by default.
        refused: Problem types of pictures that are refused.
        calls: How often each operation was called.
        times: When each was called.
        headers: The headers of the last call of each.
        hold: While set, look-ups find everything waiting.
    """

    faults: dict[str, list[Fault | None]] = field(default_factory=lambda: defaultdict(list))
    uploaded: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, bytes | str] = field(default_factory=dict)
    waits: int = 0
    ask_again: str = "1"
    waiting: Counter[str] = field(default_factory=Counter)
    outcomes: dict[bytes | str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[bytes | str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    hold: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)
    key: str | None = KEY
    url: str = ""

    def operation(self, name: str) -> Fault | None:
        with self.lock:
            self.calls[name] += 1
            self.times[name].append(time.monotonic())
            return self.faults[name].pop(0) if self.faults[name] else None


type Reply = tuple[int, Any, dict[str, str]]
STATUSES = {"unsupported-image": 415, "image-too-large": 413, "url-not-allowed": 400}


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    application: Application

    def do_GET(self) -> None:  # http.server's name
        self._serve("look-up", self._look_up)

    def do_DELETE(self) -> None:  # http.server's name
        self._serve("withdraw", self._withdraw)

    def do_POST(self) -> None:  # http.server's name
        routes = {
            "/v1/uploads": ("uploads", self._permit),
            "/v1/submit-image": ("submit", self._submit),
            "/bucket": ("bucket", self._store),
        }
        self._serve(*routes[urlsplit(self.path).path])

    def log_message(self, *_: Any) -> None:
        pass

    def _serve(self, name: str, carry_out: Any) -> None:
        application = self.application
        self.content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = application.operation(name)
        application.headers[name] = {key.lower(): value for key, value in self.headers.items()}
        if fault is None or fault.when == AFTER:
            if name != "bucket" and application.key not in {None, self.headers.get("x-api-key")}:
                reply = problem(403, "forbidden")
            else:
                with application.lock:
                    reply = carry_out()
            if fault is None:
                self._answer(*reply)
                return
        if not fault.status:
            # RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        status, body, headers = problem(fault.status, fault.slug)
        if fault.retry_after:
            headers["Retry-After"] = fault.retry_after
        self._answer(status, body, headers)

    def _answer(self, status: int, body: Any, headers: dict[str, str]) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        if status == 204:
            content = b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _permit(self) -> Reply:
        wanted = json.loads(self.content)
        assert set(wanted) == {"contentType", "contentLength"}, wanted
        upload = str(uuid.uuid4())
        fields = {
            "key": f"uploads/{upload}",
            "Content-Type": wanted["contentType"],
            "length": str(wanted["contentLength"]),
        }
        body = {
            "UploadId": upload,
            "Url": f"{self.application.url}/bucket",
            "Fields": fields,
            "ExpiresAt": "2030-01-01T00:00:00Z",
            "MaxBytes": 10_485_760,
        }
        return 201, body, {}

    def _store(self) -> Reply:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + self.content, policy=email.policy.HTTP)
        parts: dict[str, Any] = {
            str(part.get_param("name", header="Content-Disposition")): part.get_payload(decode=True)
            for part in form.iter_parts()
        }
        assert list(parts)[-1] == "file", list(parts)
        content = parts["file"]
        if len(content) != int(parts["length"]):
            return 403, b"<Error><Code>AccessDenied</Code></Error>", {}
        self.application.uploaded[parts["key"].decode().removeprefix("uploads/")] = content
        return 204, b"", {}

    def _submit(self) -> Reply:
        wanted = json.loads(self.content)
        if "url" in wanted:
            image, picture = str(uuid.uuid4()), wanted["url"]
        else:
            image = wanted["uploadId"]
            if image not in self.application.uploaded:
                return problem(404, "unknown-upload")
            picture = self.application.uploaded[image]
        if slug := self.application.refused.get(picture):
            return problem(STATUSES[slug], slug)
        self.application.rows[image] = picture
        return 202, {"ImageId": image, "Status": "NOT_CLASSIFIED"}, {}

    def _look_up(self) -> Reply:
        [image] = parse_qs(urlsplit(self.path).query)["imageId"]
        application = self.application
        if image not in application.rows:
            return problem(404, "unknown-image")
        application.waiting[image] += 1
        if application.hold.is_set() or application.waiting[image] <= application.waits:
            return (
                200,
                {"ImageId": image, "Status": "NOT_CLASSIFIED"},
                {"Retry-After": application.ask_again},
            )
        labels = {"Status": "CLASSIFIED", "Labels": LABELS, "Model": MODEL}
        return (
            200,
            {"ImageId": image} | application.outcomes.get(application.rows[image], labels),
            {},
        )

    def _withdraw(self) -> Reply:
        [image] = parse_qs(urlsplit(self.path).query)["imageId"]
        self.application.rows.pop(image, None)
        return 204, b"", {}


def problem(status: int, slug: str) -> Reply:
    kind = f"urn:imagelabeller:problem:{slug}"
    detail = "Policy expired." if slug == "policy-expired" else "Detail."
    body = {"type": kind, "title": "Title", "status": status, "detail": detail}
    return status, body if slug else b"<html>", {"Content-Type": "application/problem+json"}


class Server(ThreadingHTTPServer):
    """A server that does not wait for who hangs."""

    daemon_threads = True
    # More than any client here has connections.
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """A client that leaves is no error."""


@contextmanager
def serving(application: Application | None = None) -> Iterator[Application]:
    """Serve on a free port of the loopback interface while the block lasts."""
    application = application or Application()
    handler = type("Bound", (Handler,), {"application": application})
    with Server(("127.0.0.1", 0), handler) as server:
        application.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield application
        finally:
            server.shutdown()
            thread.join()
