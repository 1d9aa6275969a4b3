"""What the sweep is asked to do, from the event that invokes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from invoke_labeller.failure import FailureCode
from invoke_labeller.requeue import Selection
from invoke_labeller.times import from_text
from lambda_common.problems import InvalidRequest

MAX_SECONDS = 10 * 365 * 86_400
MAX_NAME = 256
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_FIELDS = {"imageId", "reason", "from", "to", "by"}


@dataclass(frozen=True)
class SweepCommand:
    """Sweep pending pictures: on schedule, or manually those that wait longer than `older_than`."""

    older_than: timedelta | None = None


@dataclass(frozen=True)
class RequeueCommand:
    """Let failed pictures wait again.

    Attributes:
        image_id: The one picture; None for those of the selection.
        selection: Which pictures.
        by: Who says to have asked for it; for the log.
    """

    image_id: str | None
    selection: Selection
    by: str


def parse(event: object) -> SweepCommand | RequeueCommand:
    """Read an event.

    Args:
        event: `{"olderThanSeconds": 0}`, `{"requeue": {...}}`, or whatever the schedule sends.

    Raises:
        InvalidRequest: It is a command that makes no sense.
    """
    if not isinstance(event, dict):
        return SweepCommand()
    if "requeue" in event:
        # Who sends an event may be in it, whatever it asks for.
        if event.keys() - {"caller"} != {"requeue"} or not isinstance(event["requeue"], dict):
            raise InvalidRequest("requeue must be an object, and stand alone.")
        return _requeue(event["requeue"])
    if "olderThanSeconds" not in event:
        return SweepCommand()
    seconds = event["olderThanSeconds"]
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= MAX_SECONDS:
        raise InvalidRequest(f"olderThanSeconds must be a whole number from 0 to {MAX_SECONDS}.")
    return SweepCommand(timedelta(seconds=seconds))


def document(selection: Selection, by: str) -> dict[str, dict[str, str]]:
    """Return the event that asks for a selection: the reverse of `parse`."""
    fields = {
        "reason": selection.code,
        "from": selection.start and selection.start.isoformat(),
        "to": selection.end and selection.end.isoformat(),
        "by": by,
    }
    return {"requeue": {name: str(value) for name, value in fields.items() if value}}


def _requeue(fields: Mapping[str, Any]) -> RequeueCommand:
    unknown = fields.keys() - _FIELDS
    if unknown:
        raise InvalidRequest(f"requeue takes {', '.join(sorted(_FIELDS))}.")
    for name, value in fields.items():
        if not isinstance(value, str) or not value or len(value) > MAX_NAME:
            raise InvalidRequest(f"{name} must be a text of at most {MAX_NAME} characters.")
    image_id, by = fields.get("imageId"), fields.get("by", "")
    which = fields.keys() - {"by"}
    if not which or (image_id and len(which) > 1):
        raise InvalidRequest("Name an imageId, or a reason, or a time with from, to or both.")
    if image_id:
        if not _UUID.fullmatch(image_id):
            raise InvalidRequest("imageId must be a UUID.")
        return RequeueCommand(image_id.lower(), Selection(), by)
    start, end = _time(fields, "from"), _time(fields, "to")
    if start and end and start > end:
        raise InvalidRequest("from must not be later than to.")
    return RequeueCommand(None, Selection(_code(fields), start, end), by)


def _code(fields: Mapping[str, str]) -> FailureCode | None:
    if "reason" not in fields:
        return None
    try:
        return FailureCode(fields["reason"])
    except ValueError:
        raise InvalidRequest(f"reason must be one of {', '.join(FailureCode)}.") from None


def _time(fields: Mapping[str, str], name: str) -> datetime | None:
    if name not in fields:
        return None
    time = from_text(fields[name])
    if time is None:
        raise InvalidRequest(
            f"{name} must be a time with its time zone, such as 2026-11-23T07:51:11Z."
        )
    return time
