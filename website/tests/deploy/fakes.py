"""What stands in for the SAM CLI."""

from collections.abc import Sequence
from pathlib import Path


class Sam:
    """A SAM CLI that keeps what it is given.

    Args:
        status: Its exit status.
    """

    def __init__(self, status: int = 0) -> None:
        self.status = status
        self.words: list[str] = []
        self.values = ""

    def __call__(self, words: Sequence[str]) -> int:
        """Keep the words, and the parameters of the file that they name."""
        file = words[words.index("--parameter-overrides") + 1].removeprefix("file://")
        self.words, self.values = list(words), Path(file).read_text(encoding="utf-8")
        return self.status
