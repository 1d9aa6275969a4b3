"""Where a redirect leads: RFC 3986, section 5.2, on exactly the characters that were given."""

import re

from submit_image import urls
from submit_image.urls import Target

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_REFERENCE = re.compile(r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?", re.DOTALL)


def follow(base: Target, location: bytes) -> Target:
    """Return where a redirect leads.

    Args:
        base: What was asked for.
        location: The value of the header `Location`, as it came.

    Returns:
        The next target.

    Raises:
        InvalidUrl: That is no http(s) URL that may be fetched.
    """
    try:
        # Servers that do not percent-encode send UTF-8, or else bytes that must come back.
        reference = location.decode()
    except UnicodeError:
        reference = "".join(chr(b) if b < 0x80 else f"%{b:02X}" for b in location)  # noqa: PLR2004
    return urls.parse(resolved(base, reference.strip(" \t")))


def resolved(base: Target, reference: str) -> str:
    """Resolve a reference; neither percent-encodings nor empty segments are touched.

    Args:
        base: What it is relative to.
        reference: A URL, or a relative reference.

    Returns:
        The URL.
    """
    if _SCHEME.match(reference):
        return reference
    if reference.startswith("//"):
        return f"{base.scheme}:{reference}"
    parts = _REFERENCE.fullmatch(reference)
    assert parts  # noqa: S101 # nosec B101 # the expression matches every text
    path, query = parts["path"], parts["query"]
    base_path, mark, base_query = base.path.partition("?")
    if not path:
        path, query = base_path, mark + base_query if query is None else query
    elif path.startswith("/"):
        path = _without_dots(path)
    else:
        path = _without_dots(base_path.rpartition("/")[0] + "/" + path)
    return f"{base.scheme}://{base.authority}{path}{query or ''}"


def _without_dots(path: str) -> str:
    """Remove the segments `.` and `..` (RFC 3986, section 5.2.4) of a path that begins with /."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
