"""Labels one picture: the rules, and nothing of AWS."""

from dataclasses import dataclass
from enum import StrEnum

from invoke_labeller.errors import PermanentError, TransientError
from invoke_labeller.picture import prepare
from invoke_labeller.ports import Model, Pictures, Rows
from invoke_labeller.times import Clock


class Outcome(StrEnum):
    """What became of a picture."""

    LABELLED = "labelled"
    FAILED = "failed"
    RETRIED = "retried"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """What became of a picture, and why.

    Attributes:
        outcome: What became of it.
        detail: The reason of a failure or a retry, or the best label's name.
    """

    outcome: Outcome
    detail: str = ""


class Labeller:
    """Reads a picture, asks the model, and writes the answer into the picture's row once."""

    def __init__(self, rows: Rows, pictures: Pictures, model: Model, clock: Clock) -> None:
        self._rows = rows
        self._pictures = pictures
        self._model = model
        self._clock = clock

    def label(self, image_id: str) -> Result:
        """Label a picture, or record why it cannot be.

        The stream delivers a record at least once, and the sweep adds its own: a row that is
        labelled or gone costs one read here, and no call of the model.

        Args:
            image_id: The picture's id.

        Returns:
            What became of it. RETRIED asks for another delivery; nothing else does.
        """
        try:
            return self._label(image_id)
        except TransientError as error:
            return Result(Outcome.RETRIED, str(error))

    def _label(self, image_id: str) -> Result:
        if not self._rows.is_waiting(image_id):
            return Result(Outcome.SKIPPED)
        try:
            labels = self._model.classify(prepare(self._pictures.read(image_id)))
        except PermanentError as error:
            written = self._rows.fail(image_id, str(error))
            return Result(Outcome.FAILED, str(error)) if written else Result(Outcome.SKIPPED)
        written = self._rows.classify(image_id, labels, self._clock())
        return Result(Outcome.LABELLED, labels[0].name) if written else Result(Outcome.SKIPPED)
