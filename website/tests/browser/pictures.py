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


def picture(
    name: str, *, size: int = 1000, fails: str | None = None, refused: str | None = None
) -> FilePayload:
    """Return a picture.

    Args:
        name: The file's name.
        size: Its size in bytes.
        fails: The code with which the labeller gives it up.
        refused: The type of problem with which it is refused when it is submitted.
    """
    marks = f"fails-{fails};".encode() if fails else b""
    marks += f"refused-{refused};".encode() if refused else b""
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
