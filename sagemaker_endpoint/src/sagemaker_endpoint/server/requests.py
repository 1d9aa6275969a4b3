"""What the server takes: an image as its body, and what the client accepts in return."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request

CONTENT_TYPE = "application/x-image"
# https://docs.aws.amazon.com/general/latest/gr/sagemaker.html: 25 MB for newer accounts.
MAX_BODY = 6 * 2**20
BODY_SECONDS = 60
TOO_LARGE = 413


class InvocationError(Exception):
    """A request that gets no prediction.

    Attributes:
        status: HTTP status that the container answers with.
        message: One sentence on what is wrong.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class Accepted:
    """What the client wants back: JSON, with the labels if it is verbose."""

    verbose: bool

    @classmethod
    def from_header(cls, header: str) -> "Accepted":
        """Reads an Accept header as JumpStart's containers do: `application/json[;verbose]`.

        Raises:
            InvocationError: Nothing that could be given is accepted.
        """
        for part in header.lower().split(","):
            kind, *parameters = (piece.strip() for piece in part.split(";"))
            if kind in {"application/json", "application/*", "*/*", ""}:
                return cls("verbose" in parameters)
        raise InvocationError(
            406, f"The answer is application/json or application/json;verbose, not {header}."
        )


def check_content_type(request: Request) -> None:
    """Makes sure that the body is meant to be an image.

    Raises:
        InvocationError: It is something else.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise InvocationError(
            415,
            f"The image's bytes must come as {CONTENT_TYPE}, not as {content_type or 'nothing'}.",
        )


async def read_body(request: Request) -> bytes:
    """Reads the body.

    Raises:
        InvocationError: It is too large or does not arrive in time.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    message = f"The image has more than {MAX_BODY} bytes."
                    raise InvocationError(TOO_LARGE, message)
    except TimeoutError:
        raise InvocationError(
            408, f"The image did not arrive within {BODY_SECONDS} seconds."
        ) from None
    return bytes(body)
