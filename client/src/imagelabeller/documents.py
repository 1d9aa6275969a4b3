"""The JSON that programs read; `result.schema.json` describes it."""

from typing import Any

from imagelabeller.labelling import Outcome, Result
from imagelabeller.results import Image, Label


def of_outcome(outcome: Outcome, threshold: float = 0, top: int | None = None) -> dict[str, Any]:
    """Describe a picture and what has become of it.

    Args:
        outcome: The picture.
        threshold: The lowest confidence of a label that is shown, from 0 to 1.
        top: At most so many labels; None for all.
    """
    document: dict[str, Any] = {"Picture": outcome.picture.name, "Outcome": outcome.result}
    if outcome.image_id:
        document["ImageId"] = outcome.image_id
    if outcome.image:
        document |= of_image(outcome.image, threshold, top)
    if outcome.result is not Result.UNFINISHED:
        document["Seconds"] = round(outcome.seconds, 3)
    if outcome.error:
        document["Error"] = {"Type": outcome.error.slug, "Message": str(outcome.error)}
        if code := getattr(outcome.error, "code", None):
            document["Error"]["FailureCode"] = code
    return document


def of_image(image: Image, threshold: float = 0, top: int | None = None) -> dict[str, Any]:
    """Describe an image, with the names of the API.

    Args:
        image: The image.
        threshold: The lowest confidence of a label that is shown, from 0 to 1.
        top: At most so many labels; None for all.
    """
    document: dict[str, Any] = {
        "ImageId": image.id,
        "Status": image.status,
        "Labels": [_label(each) for each in image.best(threshold, top)],
    }
    if image.model:
        document["Model"] = {"Name": image.model.name, "Version": image.model.version}
    for name, value in (
        ("SubmittedAt", image.submitted_at),
        ("ClassifiedAt", image.classified_at),
    ):
        if value:
            document[name] = value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if image.incomplete:
        document["Incomplete"] = True
    if image.failure_code:
        document["FailureCode"] = image.failure_code
    if image.failure_reason:
        document["FailureReason"] = image.failure_reason
    return document


def _label(label: Label) -> dict[str, Any]:
    return {"Name": label.name, "Confidence": label.confidence}
