"""Why a picture is FAILED: a closed set of codes, and what each says to whoever submitted it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FailureCode(StrEnum):
    """The values of a row's `FailureCode`, which are also the keys of the index `Failed`."""

    # What depends on the picture alone is recorded at once.
    PICTURE_MISSING = "picture-missing"
    FILE_TOO_LARGE = "file-too-large"
    TOO_MANY_PIXELS = "too-many-pixels"
    UNDECODABLE = "undecodable"
    INCOMPLETE = "incomplete"
    TOO_COSTLY = "too-costly"
    # Everything else is recorded when the picture has waited long enough.
    MODEL_UNAVAILABLE = "model-unavailable"
    MODEL_BUSY = "model-busy"
    MODEL_REFUSED = "model-refused"
    MODEL_FAILED = "model-failed"
    STORAGE_UNAVAILABLE = "storage-unavailable"
    NOT_DECODED = "not-decoded"
    OUT_OF_MEMORY = "out-of-memory"
    INTERNAL_ERROR = "internal-error"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Failure:
    """What a row says of its picture's failure.

    Attributes:
        code: Why, of a closed set.
        reason: Why, in a sentence for whoever submitted the picture.
        at: When.
    """

    code: FailureCode
    reason: str
    at: datetime


PERMANENT = frozenset(
    {
        FailureCode.PICTURE_MISSING,
        FailureCode.FILE_TOO_LARGE,
        FailureCode.TOO_MANY_PIXELS,
        FailureCode.UNDECODABLE,
        FailureCode.INCOMPLETE,
        FailureCode.TOO_COSTLY,
    }
)
"""The codes that depend on the picture alone."""

REASONS = {
    FailureCode.PICTURE_MISSING: "The picture is no longer stored.",
    FailureCode.FILE_TOO_LARGE: "The picture's file is too large.",
    FailureCode.TOO_MANY_PIXELS: "The picture has too many pixels.",
    FailureCode.UNDECODABLE: (
        "The picture cannot be decoded: its file is damaged or not what it claims to be."
    ),
    FailureCode.INCOMPLETE: "Less than half of the picture is there.",
    FailureCode.TOO_COSTLY: "Decoding the picture takes more time or memory than any ordinary one.",
    FailureCode.MODEL_UNAVAILABLE: "The model did not answer for as long as the picture waited.",
    FailureCode.MODEL_BUSY: "The model was busy for as long as the picture waited.",
    FailureCode.MODEL_REFUSED: "The model refused the picture for as long as it waited.",
    FailureCode.MODEL_FAILED: "The model failed for as long as the picture waited.",
    FailureCode.STORAGE_UNAVAILABLE: (
        "The picture could not be read from its storage for as long as it waited."
    ),
    FailureCode.NOT_DECODED: "The picture was not decoded in time, each time that it was tried.",
    FailureCode.OUT_OF_MEMORY: "The labeller ran out of memory each time it had the picture.",
    FailureCode.INTERNAL_ERROR: "A fault of the application kept the picture from being labelled.",
    FailureCode.UNFINISHED: (
        "No attempt to label the picture came to an end: the labeller was stopped, or it did not"
        " get to the picture."
    ),
}
