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
PORT = "port"
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


def port(directory: "Path") -> int | None:
    """Return the port that what is kept was deployed for, or None where nothing is kept.

    Args:
        directory: Where everything is kept.
    """
    work = working(directory)
    return _port(work if (work / COMPLETE).exists() else directory / "saved")


def deployed_port(directory: "Path") -> int | None:
    """Return the port that what MiniStack holds was deployed for, or None where it holds nothing.

    Args:
        directory: Where everything is kept.
    """
    return _port(working(directory))


def deployed_on(directory: "Path", port: int) -> None:
    """Keep the port with what MiniStack holds now.

    Args:
        directory: Where everything is kept.
        port: The port.
    """
    working(directory).mkdir(parents=True, exist_ok=True)
    (working(directory) / PORT).write_text(str(port))


def timeout(directory: "Path") -> float:
    """Return how many seconds MiniStack gets to end, once it is asked to."""
    return WRITING if working(directory).exists() else STOPPING


def outcome(directory: "Path", *, again: bool) -> str:
    """Say what became of the data of a MiniStack that does not run any more.

    Args:
        directory: Where everything is kept.
        again: Whether the next one restores it.
    """
    if (working(directory) / COMPLETE).exists():
        if again:
            return "MiniStack's data is restored."
        return "MiniStack's data is saved: make up KEEP=yes restores it"
    if again and (directory / "saved").exists():
        return "MiniStack's data since its last stop was in memory only, and is lost."
    return "MiniStack's data was in memory only, and is lost: make deploy"


def _port(directory: "Path") -> int | None:
    try:
        return int((directory / PORT).read_text())
    except FileNotFoundError:
        return None
