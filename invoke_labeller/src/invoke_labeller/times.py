"""Times as the rows hold them: ISO 8601, UTC, milliseconds, `2026-11-23T07:51:11.123Z`."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(UTC)


def to_text(time: datetime) -> str:
    """Write a time as the rows hold it, so that the order of the texts is that of the times."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime | None:
    """Read a time with a time zone (ISO 8601); None where the text is no such time."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time.astimezone(UTC) if time.tzinfo else None


def milliseconds_since(start: str | None, end: datetime) -> float | None:
    """Return how long it is from a row's time to another.

    Args:
        start: A time as the rows hold it.
        end: A time with a time zone.

    Returns:
        Milliseconds; None where the start is no such time or lies after the end.
    """
    try:
        elapsed = (end - datetime.fromisoformat(start or "")).total_seconds() * 1000
    except (TypeError, ValueError):
        return None
    return elapsed if elapsed >= 0 else None
