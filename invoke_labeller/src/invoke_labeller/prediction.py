"""Reads a model's answer: which classes it finds most probable."""

import json

from invoke_labeller.errors import TransientError
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
        raise TransientError("The model's answer is not JSON") from None
    if not isinstance(document, dict):
        raise TransientError("The model's answer is not an object")
    names, probabilities = document.get("labels"), document.get("probabilities")
    if not isinstance(names, list) or not isinstance(probabilities, list):
        raise TransientError("The model's answer lacks the labels or the probabilities")
    if not names or len(names) != len(probabilities):
        raise TransientError(
            f"The model's answer has {len(names)} labels for {len(probabilities)} probabilities"
        )
    classes = [Label(_name(n), _confidence(p)) for n, p in zip(names, probabilities, strict=True)]
    return tuple(sorted(classes, key=lambda label: -label.confidence)[:TOP])


def _name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TransientError("The model's answer has a label that is no text")
    return value.strip()


def _confidence(value: object) -> float:
    # NaN compares false with everything, so it fails the range; bool is an int to isinstance.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TransientError("The model's answer has a probability that is no number")
    if not -_TOLERANCE <= value <= 1 + _TOLERANCE:
        raise TransientError("The model's answer has a probability that is not between 0 and 1")
    return min(max(float(value), 0.0), 1.0)
