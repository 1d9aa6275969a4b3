"""The text of an id, as clients send it."""

import re
from uuid import UUID

# The canonical text of RFC 9562, section 4; `uuid.UUID` takes braces and `urn:uuid:` as well.
_CANONICAL = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def parsed(text: object) -> UUID | None:
    """Read an id.

    Args:
        text: What a client sent.

    Returns:
        The id, or None where it is not the canonical text of a UUID.
    """
    if not isinstance(text, str) or not _CANONICAL.fullmatch(text):
        return None
    return UUID(text)
