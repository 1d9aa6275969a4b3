"""The API without the page, to compare with."""

import json
import time
import uuid
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

FIRST_LOOK_UP_SECONDS = 0.5


def label(url: str, key: str | None, content_type: str, content: bytes) -> dict[str, Any]:
    """Upload a picture, submit it and return its labels, as soon as Retry-After allows.

    Args:
        url: The page's address, at which the APIs are, too.
        key: The API key.
        content_type: The picture's media type.
        content: The picture.
    """
    file = {"contentType": content_type, "contentLength": len(content)}
    grant = call(url, key, "POST", "uploads", file)
    boundary = uuid.uuid4().hex
    fields = [*grant["Fields"].items(), ("file", content)]
    form = b"".join(_part(boundary, name, value) for name, value in fields)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    request = Request(grant["Url"], form + f"--{boundary}--\r\n".encode(), headers)  # noqa: S310
    urlopen(request).close()  # noqa: S310 - the address comes from the API
    submitted = call(url, key, "POST", "submit-image", {"uploadId": grant["UploadId"]})
    time.sleep(FIRST_LOOK_UP_SECONDS)
    while True:
        answer = call(url, key, "GET", f"get-image-label?imageId={submitted['ImageId']}")
        if answer["Status"] != "NOT_CLASSIFIED":
            return answer
        time.sleep(answer["retry_after"])


def call(url: str, key: str | None, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """Call a route; a 429 is repeated when it says so."""
    headers = {"Content-Type": "application/json"} | ({"x-api-key": key} if key else {})
    data = json.dumps(body).encode() if body else None
    request = Request(urljoin(url, path), data, headers, method=method)  # noqa: S310
    while True:
        try:
            with urlopen(request) as response:  # noqa: S310 - the address of the page
                answer = json.loads(response.read() or b"{}")
                return {**answer, "retry_after": int(response.headers.get("Retry-After") or 0)}
        except HTTPError as error:
            error.close()
            if error.code != 429:
                raise
            time.sleep(int(error.headers["Retry-After"]))


def _part(boundary: str, name: str, value: str | bytes) -> bytes:
    content = value if isinstance(value, bytes) else value.encode()
    filename = '; filename="picture"' if isinstance(value, bytes) else ""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n\r\n'
    return head.encode() + content + b"\r\n"
