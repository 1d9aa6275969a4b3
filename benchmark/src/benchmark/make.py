"""Runs the project's own commands in a directory, as a user does."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmark.errors import BenchmarkError

# What this benchmark was called with means something else there.
OWN = ("IMAGELABELLER_", "MAKE", "MFLAGS", "PYTHON", "UV", "VIRTUAL_ENV", "AWS_", "STARTED")
KEPT = ("UV_CACHE_DIR", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_OFFLINE")
SHOWN = 12


def run(words: Sequence[str], directory: Path, *, apart: bool = False) -> str:
    """Run make, and return what it printed.

    Args:
        words: Targets and variables.
        directory: Where.
        apart: Whether a terminal's Ctrl-C does not reach it.

    Raises:
        BenchmarkError: If it fails; the message ends with the last lines that it printed.
    """
    done = subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=directory,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=apart,
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-SHOWN:])
        raise BenchmarkError(f"make {' '.join(words)} failed in {directory}:\n{last}")
    return done.stdout


def environment() -> dict[str, str]:
    """Return the environment of whoever called, without what concerns this benchmark."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not name.startswith(OWN)
    }
