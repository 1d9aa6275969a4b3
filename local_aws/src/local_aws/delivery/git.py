"""Git, as a command."""

import subprocess
from pathlib import Path

from local_aws.errors import UsageError


class GitError(UsageError):
    """Git refused a command; its own words say why."""


def git(where: Path, *arguments: str) -> str:
    """Run git in a directory.

    Args:
        where: The directory.
        arguments: The command and its arguments.

    Returns:
        What git printed, without white space around it.

    Raises:
        GitError: When git fails, or is not there.
    """
    try:
        done = subprocess.run(
            ["git", "-C", where, *arguments],  # noqa: S607 - the git of whoever runs this
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise GitError("git is needed, and was not found: install it.") from error
    if done.returncode:
        raise GitError(f"git {arguments[0]} in {where}: {done.stderr.strip()}")
    return done.stdout.strip()
