"""The row of the table ImageLabels: its statuses, and what this component reads and writes.

It is rendered from dynamodb_infra/row.yml in the ImageLabeller repository.
"""

from enum import StrEnum


class Status(StrEnum):
    """How far a picture has come."""

    NOT_CLASSIFIED = "NOT_CLASSIFIED"
    CLASSIFIED = "CLASSIFIED"
    FAILED = "FAILED"


READ = (
    "Id",
    "Status",
    "Sha256",
    "Caller",
    "SubmittedAt",
    "FailureCode",
    "FailedAt",
    "ExpiresAt",
    "PendingShard",
    "PendingSince",
    "Attempts",
    "SweptSince",
    "LastAttemptAt",
)
WRITTEN = (
    "Status",
    "Label",
    "Labels",
    "Model",
    "ClassifiedAt",
    "FailureCode",
    "FailureReason",
    "Incomplete",
    "FailedAt",
    "PendingShard",
    "PendingSince",
    "Attempts",
    "SweptSince",
    "LastAttemptAt",
)
