"""The distribution and the images bucket over real HTTP.

Two ports of the loopback interface make the bucket another origin, as on AWS. The bucket speaks
S3's presigned POST and its CORS, the distribution adds the headers of the template's policy.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tests.browser.service import Fault, RefusalError, Service

PAGE = Path(__file__).parents[2] / "page"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Of the bucket: status, code and message.
BUCKET_FAULTS = {
    "expired": (403, "AccessDenied", "Invalid according to Policy: Policy expired."),
    "refused": (403, "AccessDenied", "Access Denied"),
    "temporarily-unavailable": (503, "SlowDown", "Please reduce your request rate."),
}


@contextmanager
def running(service: Service) -> Iterator[Service]:
    """Serve until the block ends."""
    servers = []
    for base in (_Distribution, _Bucket):
        handler = type(base.__name__, (base,), {"service": service})
        server = _Server(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        servers.append(server)
    service.url, service.bucket_url = (
        f"http://127.0.0.1:{server.server_port}" for server in servers
    )
    try:
        yield service
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a browser that has gone."""


class _Handler(BaseHTTPRequestHandler):
    service: ClassVar[Service]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def _reset(self) -> None:
        """Close the connection as a network does that fails."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()
        # The base class flushes and closes what is closed already.
        self.wfile = _Nowhere()  # type: ignore[assignment]

    def _cut_off(self, status: int, **headers: str) -> None:
        """Carry a request out whose answer does not arrive: its body ends too early.

        Where nothing arrives at all, Chromium may send the request again without the page.
        """
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"{")
        self.wfile.flush()
        self._reset()

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.service.requests[f"{self.command} {urlsplit(self.path).path} {status}"] += 1
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Nowhere:
    closed = False

    def write(self, _: bytes) -> int:
        return 0

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


class _Distribution(_Handler):
    """CloudFront: the page's files and both APIs."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in ("/get-image-label", "/submit-image"):
            return self._call()
        file = (PAGE / (path.lstrip("/") or "index.html")).resolve()
        if not file.is_relative_to(PAGE) or not file.is_file():
            return self._answer(403, b"", **self._headers(), Content_Type="application/xml")
        return self._answer(
            200,
            file.read_bytes(),
            **self._headers(),
            Content_Type=TYPES[file.suffix],
            Cache_Control="no-cache",
        )

    def do_POST(self) -> None:
        self._call()

    def do_DELETE(self) -> None:
        self._call()

    def _headers(self) -> dict[str, str]:
        """Return what the response headers policy of the template adds."""
        return {
            "Content_Security_Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
                f" connect-src 'self' {self.service.bucket_url}; manifest-src 'self';"
                " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            ),
            "X_Content_Type_Options": "nosniff",
            "X_Frame_Options": "DENY",
            "Referrer_Policy": "no-referrer",
            "Cross_Origin_Opener_Policy": "same-origin",
            "Cross_Origin_Resource_Policy": "same-origin",
        }

    def _call(self) -> None:
        address = urlsplit(self.path)
        route = f"{self.command} {address.path}"
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.service.fault(route)
        if fault and fault.kind == "reset":
            return self._reset()
        try:
            status, answer = self._carry_out(fault, route, parse_qs(address.query), content)
            kind, headers = "application/json", _retry_after(answer)
        except RefusalError as refusal:
            status, answer, headers = refusal.status, refusal.body, refusal.headers
            kind = "application/problem+json"
        if fault and fault.kind == "lost":
            return self._cut_off(status)
        body = json.dumps(answer).encode() if answer else b""
        return self._answer(
            status, body, **self._headers(), **headers, Content_Type=kind, Cache_Control="no-store"
        )

    def _carry_out(
        self, fault: Fault | None, route: str, query: dict[str, list[str]], content: bytes
    ) -> tuple[int, dict[str, Any] | None]:
        if fault and fault.kind != "lost":
            raise RefusalError(fault.kind, Retry_After=str(fault.retry_after))
        if self.service.key not in (None, self.headers.get("x-api-key")):
            raise RefusalError("forbidden", "The API key is missing or wrong.")
        match route:
            case "POST /uploads":
                return 201, self.service.upload(json.loads(content)["contentLength"])
            case "POST /submit-image":
                return 202, self.service.submit(json.loads(content))
            case "GET /get-image-label":
                return 200, self.service.look_up(query["imageId"][0])
            case "DELETE /submit-image":
                self.service.withdraw(query["imageId"][0])
                return 204, None
        raise RefusalError("forbidden")


class _Bucket(_Handler):
    """S3: presigned POST, and CORS for the page's origin alone."""

    def do_OPTIONS(self) -> None:
        allowed = self.headers.get("Origin") == self.service.url
        self._answer(200 if allowed else 403, b"", **self._cors())

    def do_POST(self) -> None:
        service = self.service
        length = int(self.headers["Content-Length"])
        fault = service.fault("POST bucket")
        if fault and fault.kind == "reset":
            self.rfile.read(length // 2)
            return self._reset()
        content = self.rfile.read(length)
        time.sleep(service.bucket_seconds)
        refusal = BUCKET_FAULTS.get(fault.kind) if fault else self._store(content)
        if refusal:
            return self._refuse(*refusal)
        if fault:
            self._store(content)
            return self._cut_off(200, **self._cors())
        return self._answer(204, b"", **self._cors())

    def _store(self, content: bytes) -> tuple[int, str, str] | None:
        """Keep an upload; says why not."""
        fields = self._fields(content)
        name = fields["key"].decode().removeprefix("uploads/")
        size = self.service.offered.get(name)
        if size is None:
            return BUCKET_FAULTS["refused"]
        if len(fields["file"]) != size:
            return 400, "EntityTooLarge", "Your upload exceeds the maximum size."
        self.service.objects[name] = fields["file"]
        return None

    def _fields(self, content: bytes) -> dict[str, bytes]:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + content)
        return {
            str(part.get_param("name", header="content-disposition")): bytes(
                part.get_payload(decode=True)
            )
            for part in message.iter_parts()
        }

    def _refuse(self, status: int, code: str, message: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
        self._answer(status, body, **self._cors(), Content_Type="application/xml")

    def _cors(self) -> dict[str, str]:
        if self.headers.get("Origin") != self.service.url:
            return {}
        return {
            "Access_Control_Allow_Origin": self.service.url,
            "Access_Control_Allow_Methods": "POST",
            "Vary": "Origin",
        }


def _retry_after(answer: dict[str, Any] | None) -> dict[str, str]:
    """Return the header of a look-up that is to be repeated."""
    waits = answer and answer.get("Status") == "NOT_CLASSIFIED" and "SubmittedAt" in answer
    return {"Retry_After": "1"} if waits else {}
