"""An API with a configurable fault, which the fuzz must find."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

DOCUMENT = Path(__file__).parents[2] / "get_image_label/openapi.yml"
KEY = "a-key"
KNOWN = {"ImageId": str(UUID(int=7)), "Status": "FAILED", "ImageLabel": "a", "Labels": []}


@dataclass
class Answer:
    """An answer, before a fault is put into it."""

    status: int
    body: Any
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "x-amzn-RequestId": str(uuid4()),
            "Content-Type": "application/problem+json",
        }
    )


def proper(method: str, path: str, key: str | None) -> Answer:
    """What GetImageLabel would answer."""
    url = urlsplit(path)
    if (method, url.path) != ("GET", "/v1/get-image-label") or key != KEY:
        return problem(403, "forbidden")
    given = parse_qs(url.query, keep_blank_values=True).get("imageId", [])
    try:
        if len(given) != 1 or str(UUID(given[0])) != given[0].lower():
            return problem(400, "invalid-image-id")
    except ValueError:
        return problem(400, "invalid-image-id")
    if given[0].lower() != KNOWN["ImageId"]:
        return problem(404, "unknown-image")
    answer = Answer(200, KNOWN)
    answer.headers["Content-Type"] = "application/json"
    return answer


def problem(status: int, slug: str) -> Answer:
    kind = f"urn:imagelabeller:problem:{slug}"
    return Answer(status, {"type": kind, "title": "a", "status": status, "detail": "a"})


@contextmanager
def serving(fault: Any) -> Iterator[str]:
    """Serve the API with a fault, a function of an answer, the method and the key that was sent."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            key = self.headers.get("x-api-key")
            answer = proper(self.command, self.path, key)
            fault(answer, self.command, key)
            body = json.dumps(answer.body).encode()
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            server.shutdown()
            thread.join()
