"""What an image's row says to its caller."""

from collections.abc import Mapping
from typing import Any

from get_image_label.row import Status

type Row = Mapping[str, Any]
type Body = dict[str, Any]


def has_expired(row: Row, now: float) -> bool:
    """Tell whether a row's time of retention is over.

    DynamoDB deletes an expired item within a few days, not at once:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html

    Args:
        row: The row as stored.
        now: Seconds since the epoch.

    Returns:
        True from the second in `ExpiresAt` on; a row without it never expires.
    """
    expires_at = row.get("ExpiresAt")
    return expires_at is not None and float(expires_at) <= now


def describe(row: Row) -> Body:
    """Describe an image to its caller.

    Args:
        row: The row as stored, numbers as `Decimal`. Only `Id` has to be there.

    Returns:
        The JSON-ready body: what the row does not hold is left out, confidences are floats in 0..1.

    Raises:
        ValueError: The row's `Status` is none that we know.
    """
    status = _status(row)
    classified = status is Status.CLASSIFIED
    labels = _labels(row) if classified else []
    names = ", ".join(label["Name"] for label in labels)
    body: Body = {
        "ImageId": row["Id"],
        "Status": status.value,
        # A client that knows this field alone asks until it is no longer NOT_CLASSIFIED.
        "ImageLabel": row.get("Label", names) if classified else status.value,
        "Labels": labels,
    }
    if classified and row.get("Incomplete") is True:
        body["Incomplete"] = True
    if row.get("Model"):
        body["Model"] = {key: str(value) for key, value in row["Model"].items()}
    texts = ("SubmittedAt", "ClassifiedAt", "FailureCode", "FailureReason")
    return body | {key: str(row[key]) for key in texts if row.get(key)}


def _status(row: Row) -> Status:
    # A row that the functions of Atlassian's tutorial wrote has only Id and Label.
    label = row.get("Label", Status.NOT_CLASSIFIED)
    ended = label if label in (Status.NOT_CLASSIFIED, Status.FAILED) else Status.CLASSIFIED
    return Status(row.get("Status", ended))


def _labels(row: Row) -> list[Body]:
    return [
        {"Name": label["Name"], "Confidence": float(label["Confidence"])}
        for label in row.get("Labels", ())
    ]
