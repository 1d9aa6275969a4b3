"""What is wrong with a file's parts."""

from invoke_labeller.errors import PermanentError


class StructureError(PermanentError):
    """A file lacks a part that it needs, or has implausibly many parts."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The picture cannot be decoded: {what}.")
