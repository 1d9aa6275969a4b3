"""Times as text, in the form that all of the project's have."""

from datetime import datetime


def to_text(time: datetime) -> str:
    """Return a time as ISO 8601 with milliseconds.

    Args:
        time: Knows its time zone, UTC.
    """
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
