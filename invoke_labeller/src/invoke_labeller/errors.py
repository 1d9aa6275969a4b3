"""What can go wrong with a picture.

LabellingError
├── PermanentError  of the picture itself: recorded in its row as FAILED, never tried again
└── TransientError  of anything else: the row keeps waiting and the picture is tried again
"""


class LabellingError(Exception):
    """A picture was not labelled."""


class PermanentError(LabellingError):
    """No further attempt can label this picture; the message is a sentence for its submitter."""


class TransientError(LabellingError):
    """A later attempt may label this picture; the message is for whoever operates the system."""
