"""The README's commands, run in a fresh checkout as a newcomer runs them."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.project import PROJECT, tracked

ALONE = ("down", "up KEEP=yes", "logs", "repos", "taskcat", "capacity RATE=100")
# These work on what `make demo` has deployed, and say so where it is not there.
AFTER_THE_DEMO = (
    "label FILE=my-cat.jpg",
    "status",
    "preflight",
    "deploy COMPONENT=submit_image",
    "changes",
)


def make(words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run make as a newcomer would."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "UV", "MAKE", "LOCAL_AWS", "PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        ["make", *words.split()],
        cwd=cwd,
        env=environment | {"IMAGELABELLER_PORT": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def run(words: str, cwd: Path) -> str:
    """Run make, which has to succeed, and return what it printed."""
    done = make(words, cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def copy_tracked_files(folder: Path) -> None:
    """Copy the tracked files alone, as a checkout has them."""
    for path in tracked("."):
        if path.is_file():
            copy = folder / path.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
