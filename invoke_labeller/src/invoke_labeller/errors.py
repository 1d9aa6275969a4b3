"""What can go wrong with a picture.

LabellingError
├── PermanentError  of the picture itself: recorded in its row as FAILED, never tried again
└── TransientError  of anything else: the row keeps waiting and the picture is tried again
"""

from invoke_labeller.failure import REASONS, FailureCode


class LabellingError(Exception):
    """A picture was not labelled.

    Attributes:
        code: Why, of a closed set.
        reason: A sentence for whoever submitted the picture; the code's own by default.
    """

    def __init__(self, message: str, code: FailureCode, reason: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason or REASONS[code]


class PermanentError(LabellingError):
    """No further attempt can label this picture.

    Args:
        reason: A sentence for whoever submitted the picture.
        code: Why, of a closed set; one that depends on the picture alone.
    """

    def __init__(self, reason: str, code: FailureCode = FailureCode.UNDECODABLE) -> None:
        super().__init__(reason, code, reason)


class TransientError(LabellingError):
    """A later attempt may label this picture; its reason is recorded once no attempt is left.

    Args:
        message: For whoever operates the system; it may name an error of AWS.
        code: Why, of a closed set.
        reason: A sentence for whoever submitted the picture; the code's own by default.
    """

    def __init__(
        self, message: str, code: FailureCode = FailureCode.INTERNAL_ERROR, reason: str = ""
    ) -> None:
        super().__init__(message, code, reason)
