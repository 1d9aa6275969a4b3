"""Reads a model's answer: which classes it finds most probable."""

import heapq
import json
import math

from invoke_labeller.errors import TransientError
from invoke_labeller.failure import FailureCode
from invoke_labeller.ports import Label

TOP = 5
# Softmax in single precision may miss 1 by a little.
_TOLERANCE = 1e-3


def top_labels(answer: bytes) -> tuple[Label, ...]:
    """Pick the most probable classes of an `application/json;verbose` answer.

    A class is known by its label, never by its position: models differ in whether class 0 is
    "background".

    Args:
        answer: `{"probabilities": [...], "labels": [...], ...}`, of one length and order.

    Returns:
        At most TOP classes, best first.

    Raises:
        TransientError: The answer is not of that form. The model is at fault, not the picture.
    """
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        raise _malformed("The model's answer is not JSON") from None
    if not isinstance(document, dict):
        raise _malformed("The model's answer is not an object")
    names, probabilities = document.get("labels"), document.get("probabilities")
    if not isinstance(names, list) or not isinstance(probabilities, list):
        raise _malformed("The model's answer lacks the labels or the probabilities")
    if not names or len(names) != len(probabilities):
        raise _malformed(
            f"The model's answer has {len(names)} labels for {len(probabilities)} probabilities"
        )
    _check_names(names)
    _check_probabilities(probabilities)
    best = heapq.nlargest(TOP, range(len(names)), key=probabilities.__getitem__)
    return tuple(
        Label(names[place].strip(), min(max(float(probabilities[place]), 0.0), 1.0))
        for place in best
    )


def _malformed(message: str) -> TransientError:
    return TransientError(message, FailureCode.MODEL_FAILED)


def _check_names(names: list[object]) -> None:
    if set(map(type, names)) != {str} or not all(map(str.strip, names)):  # type: ignore[arg-type] # texts
        raise _malformed("The model's answer has a label that is no text")


def _check_probabilities(values: list[float]) -> None:
    # By type, since bool is an int to isinstance.
    if not set(map(type, values)) <= {int, float}:
        raise _malformed("The model's answer has a probability that is no number")
    # NaN compares false with everything, so that min and max may pass it over.
    inside = min(values) >= -_TOLERANCE and max(values) <= 1 + _TOLERANCE
    if not inside or any(map(math.isnan, values)):
        raise _malformed("The model's answer has a probability that is not between 0 and 1")
