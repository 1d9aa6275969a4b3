"""What a remote server's answer means: a redirect, a picture, or neither."""

import re

from submit_image.pictures import is_picture
from submit_image.problems import ImageNotAvailable, RemoteFailed
from submit_image.response import Response

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MULTIPLE_CHOICES = 300
# A body never comes with 204 (RFC 9110, section 15.3.5).
_SUCCESSES = frozenset(range(200, 300)) - {204}
_PARTIAL_CONTENT = 206
# RFC 9110, section 14.4: the length of the whole may be unknown.
_RANGE = re.compile(rb"bytes[ =]0-([0-9]{1,19})/([0-9]{1,19}|\*)")
# The codings that change a body (https://www.iana.org/assignments/http-parameters). Whatever else
# servers write there, such as S3 its "aws-chunked", is sent with plain bytes.
_CODINGS = frozenset({"br", "compress", "dcb", "dcz", "deflate", "gzip", "zstd"})
_CODINGS |= {"x-compress", "x-gzip"}


def location(response: Response) -> bytes | None:
    """Return where an answer redirects to.

    Args:
        response: The answer.

    Returns:
        The value of its header `Location`; None if the answer is no redirect.

    Raises:
        RemoteFailed: It is a redirect without a target, or with several.
    """
    locations = set(response.values("location"))
    # Several choices, of which the server may or may not prefer one (RFC 9110, section 15.4.1).
    chosen = response.status == _MULTIPLE_CHOICES and any(locations)
    if response.status not in _REDIRECTS and not chosen:
        return None
    if not any(locations):
        raise RemoteFailed(
            f"The remote server redirects (status {response.status}) without saying where to."
        )
    if len(locations) > 1:
        raise RemoteFailed("The remote server redirects to several places at once.")
    return locations.pop()


def check_success(response: Response) -> None:
    """Refuse an answer that does not bring the whole file.

    Args:
        response: The answer.

    Raises:
        ImageNotAvailable: Its status says so.
        RemoteFailed: It brings a part alone, which was not asked for.
    """
    if response.status not in _SUCCESSES:
        raise ImageNotAvailable(
            f"The remote server answered with status {response.status} instead of the picture."
        )
    if response.status == _PARTIAL_CONTENT:
        for value in response.values("content-range"):
            part = _RANGE.fullmatch(value.lower())
            if not part or part[2] not in (b"*", b"%d" % (int(part[1]) + 1)):
                raise RemoteFailed("The remote server sent only a part of the file.")


def check_encoding(response: Response, content: bytes) -> None:
    """Refuse a compressed body: none was asked for, and none is decompressed.

    Args:
        response: The answer.
        content: Its body. A picture under a wrong label is a picture all the same.

    Raises:
        RemoteFailed: The body is compressed.
    """
    codings = b",".join(response.values("content-encoding")).decode("latin-1").lower()
    applied = {coding.strip() for coding in codings.split(",")} & _CODINGS
    if applied and not is_picture(content):
        raise RemoteFailed(
            f"The remote server sent the file encoded ({min(applied)}), which was not asked for."
        )
