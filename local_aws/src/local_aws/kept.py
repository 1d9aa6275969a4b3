"""What MiniStack holds, kept on disk from one start to the next (`KEEP=yes`).

MiniStack writes objects to disk at once, and everything else when it is stopped. A kill would leave
a mixture of two times. So it works on a copy, which takes the place of what is kept only when
MiniStack has written all of it.
"""

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# MiniStack's program writes it last.
COMPLETE = "complete"
# Requests get three of these seconds to end; all is written then.
WRITING = 30
STOPPING = 3


def working(directory: "Path") -> "Path":
    """Return where MiniStack works.

    Args:
        directory: Where everything is kept.
    """
    return directory / "working"


def prepare(directory: "Path") -> None:
    """Put what MiniStack held when it was last stopped where it works; it must not run."""
    work, saved = working(directory), directory / "saved"
    if (work / COMPLETE).exists():
        shutil.rmtree(saved, ignore_errors=True)
        work.rename(saved)
    shutil.rmtree(work, ignore_errors=True)
    if saved.exists():
        shutil.copytree(saved, work)
        (work / COMPLETE).unlink()


def patience(directory: "Path") -> float:
    """Return how many seconds MiniStack gets to end, once it is told to."""
    return WRITING if working(directory).exists() else STOPPING


def told(directory: "Path", *, again: bool) -> str:
    """Say what became of what a MiniStack held that does not run any more.

    Args:
        directory: Where everything is kept.
        again: Whether the next one holds it again.
    """
    if (working(directory) / COMPLETE).exists():
        where = "there again." if again else "kept: make up KEEP=yes"
        return f"What MiniStack held is {where}"
    if again and (directory / "saved").exists():
        return "What MiniStack took in since it was last stopped was in its memory and is gone."
    return "What MiniStack held was in its memory and is gone: make deploy"
