"""Pictures to drop."""

import base64
from pathlib import Path

from playwright.sync_api import FilePayload

PHOTOS = Path(__file__).parent / "photos"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def photo(name: str) -> FilePayload:
    """Return a photograph."""
    content = (PHOTOS / f"{name}.jpg").read_bytes()
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": content}


def picture(name: str, *, size: int = 1000, fails: str | None = None) -> FilePayload:
    """Return a picture of a size in bytes, which the labeller may give up with a code."""
    marks = f"fails-{fails};".encode() if fails else b""
    content = PIXEL + marks + name.encode()
    return {
        "name": name,
        "mimeType": "image/png",
        "buffer": content.ljust(size, b"\0") if size else b"",
    }


def text(name: str) -> FilePayload:
    """Return a file that is no picture."""
    return {
        "name": name,
        "mimeType": "text/plain",
        "buffer": b"Not a picture at all, but a letter.",
    }
