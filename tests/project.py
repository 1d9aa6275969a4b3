"""Where the components are, which of them are repositories of their own, and what Git tracks."""

import subprocess
from pathlib import Path

from local_aws.project.facts import Facts

PROJECT = Path(__file__).parents[1]
COMPONENTS = Facts.read(PROJECT).repositories


def tracked(*patterns: str) -> list[Path]:
    """The files that Git tracks in a folder, or that match a pattern such as `*/tests/*.py`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [PROJECT / name for name in listed.stdout.split("\0") if name]
