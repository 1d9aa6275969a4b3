"""What the API answers, as types."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self


class Status(StrEnum):
    """What has become of a picture."""

    WAITING = "NOT_CLASSIFIED"
    LABELLED = "CLASSIFIED"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Label:
    """Something that the model saw.

    Attributes:
        name: Name of an ImageNet class.
        confidence: Probability that the model gives it, from 0 to 1.
    """

    name: str
    confidence: float


@dataclass(frozen=True)
class Model:
    """What labelled a picture.

    Attributes:
        name: The model's name.
        version: The model's version.
    """

    name: str
    version: str


@dataclass(frozen=True)
class Image:
    """A picture that was submitted.

    Attributes:
        id: Its id.
        status: What has become of it.
        labels: What the model saw, best first; empty unless it is labelled.
        model: What labelled it, or None.
        submitted_at: When it was submitted, or None where the API does not say it.
        classified_at: When it was labelled, or None.
        incomplete: Whether a part of it was missing, and it was labelled without.
        failure_code: Why it was not labelled, for programs, or None.
        failure_reason: Why it was not labelled, for people, or None.
        retry_after: Seconds after which to ask again; None unless it waits.
    """

    id: str
    status: Status
    labels: tuple[Label, ...] = ()
    model: Model | None = None
    submitted_at: datetime | None = None
    classified_at: datetime | None = None
    incomplete: bool = False
    failure_code: str | None = None
    failure_reason: str | None = None
    retry_after: float | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any], retry_after: float | None = None) -> Self:
        """Read the body of a look-up.

        Args:
            document: The JSON object.
            retry_after: Seconds of the header `Retry-After`, if there is one.

        Raises:
            ValueError: If it is not such a body.
        """
        model = document.get("Model")
        try:
            return cls(
                id=str(document["ImageId"]),
                status=Status(document["Status"]),
                labels=tuple(
                    Label(str(each["Name"]), float(each["Confidence"]))
                    for each in document.get("Labels") or ()
                ),
                model=Model(str(model["Name"]), str(model["Version"])) if model else None,
                submitted_at=_time(document.get("SubmittedAt")),
                classified_at=_time(document.get("ClassifiedAt")),
                incomplete=document.get("Incomplete") is True,
                failure_code=document.get("FailureCode"),
                failure_reason=document.get("FailureReason"),
                retry_after=retry_after,
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"{error!r} in the description of an image") from error

    def best(self, threshold: float = 0, top: int | None = None) -> tuple[Label, ...]:
        """Return the labels that are likely enough, best first.

        Args:
            threshold: The lowest confidence, from 0 to 1.
            top: At most so many; None for all.
        """
        return tuple(each for each in self.labels if each.confidence >= threshold)[:top]


@dataclass(frozen=True)
class Upload:
    """The permission to upload one file.

    Attributes:
        id: The upload's id, which becomes the image's.
        url: Where the file is posted.
        fields: The fields of the form that come before the file.
        max_bytes: The largest file that the application takes, or None where it does not say.
    """

    id: str
    url: str
    fields: Mapping[str, str]
    max_bytes: int | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read the body of an answer to `POST /uploads`.

        Raises:
            ValueError: If it is not such a body.
        """
        try:
            fields = {str(name): str(value) for name, value in document["Fields"].items()}
            most = document.get("MaxBytes")
            return cls(
                str(document["UploadId"]),
                str(document["Url"]),
                fields,
                None if most is None else int(most),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{error!r} in the description of an upload") from error


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if isinstance(text, str) else None
