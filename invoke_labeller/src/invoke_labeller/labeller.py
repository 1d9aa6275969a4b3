"""Labels one picture: the rules, and nothing of AWS."""

import hashlib
import math
from dataclasses import dataclass
from enum import StrEnum

from invoke_labeller.errors import LabellingError, PermanentError, TransientError
from invoke_labeller.failure import REASONS, Failure, FailureCode
from invoke_labeller.ports import Decoder, Label, Model, Pictures, Rows
from invoke_labeller.times import Clock


class Outcome(StrEnum):
    """What became of a picture."""

    LABELLED = "labelled"
    FAILED = "failed"
    GIVEN_UP = "given up"
    RETRIED = "retried"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """What became of a picture, and why.

    Attributes:
        outcome: What became of it.
        detail: The reason of a failure or a retry, or the best label's name.
        was_begun: Whether the picture was tried at all.
    """

    outcome: Outcome
    detail: str = ""
    was_begun: bool = True


class Labeller:
    """Reads a picture, asks the model, and writes the answer into the picture's row once."""

    def __init__(
        self, rows: Rows, pictures: Pictures, decoder: Decoder, model: Model, clock: Clock
    ) -> None:
        self._rows = rows
        self._pictures = pictures
        self._decoder = decoder
        self._model = model
        self._clock = clock

    def label(self, image_id: str, until: float = math.inf) -> Result:
        """Label a picture, or record why it cannot be.

        The stream delivers a record at least once, and the sweep adds its own: a row that is
        labelled or gone costs one read here, and no call of the model.

        Args:
            image_id: The picture's id.
            until: When to give up decoding, by the monotonic clock.

        Returns:
            What became of it. RETRIED asks for another delivery; nothing else does.
        """
        try:
            return self._label(image_id, until)
        except TransientError as error:
            return Result(Outcome.RETRIED, str(error))

    def _label(self, image_id: str, until: float) -> Result:
        waiting = self._rows.waiting(image_id)
        if waiting is None:
            return Result(Outcome.SKIPPED)
        try:
            labels, incomplete = self._classify(image_id, until, waiting.sha256)
        except PermanentError as error:
            return self._end(image_id, Outcome.FAILED, error)
        except TransientError as error:
            if not waiting.is_last_attempt:
                raise
            return self._end(image_id, Outcome.GIVEN_UP, error)
        except Exception:
            # A fault of ours, for the caller to tell; no picture is kept waiting for ever by it.
            if waiting.is_last_attempt:
                code = FailureCode.INTERNAL_ERROR
                self._rows.fail(image_id, Failure(code, REASONS[code], self._clock()))
            raise
        written = self._rows.classify(image_id, labels, self._clock(), incomplete=incomplete)
        return Result(Outcome.LABELLED, labels[0].name) if written else Result(Outcome.SKIPPED)

    def _classify(self, image_id: str, until: float, sha256: str) -> tuple[tuple[Label, ...], bool]:
        """Return the labels, and whether they are of an incomplete picture."""
        try:
            file = self._pictures.read(image_id)
            if sha256 and hashlib.sha256(file).hexdigest() != sha256:
                # What was checked when it was submitted is no longer there: another file is.
                missing = FailureCode.PICTURE_MISSING
                raise PermanentError(REASONS[missing], missing)
            picture = self._decoder.prepare(file, until)
            return self._model.classify(picture.jpeg), picture.incomplete
        except MemoryError as error:
            # The pictures of a batch share the memory: another attempt may find enough of it.
            raise TransientError(
                "The labeller ran out of memory", FailureCode.OUT_OF_MEMORY
            ) from error

    def _end(self, image_id: str, outcome: Outcome, error: LabellingError) -> Result:
        written = self._rows.fail(image_id, Failure(error.code, error.reason, self._clock()))
        return Result(outcome, str(error)) if written else Result(Outcome.SKIPPED)
