"""What keeps the suite from running, in sentences for whoever started it."""


class NotReadyError(Exception):
    """The system cannot be tested; the text says why, and what to do about it."""
