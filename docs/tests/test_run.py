"""Runs the commands marked as needing nothing but this repository, as a reader would.

In a fresh clone, in the order of the chapters, each in a shell of its own. Started by
`make commands`, because it takes minutes and downloads what a first run downloads.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import PROJECT, commands

# In the order of the chapters; a page that is missing here comes last.
ORDER = ("index.md", "run-locally.md", "operate.md", "bitbucket.md")
# The commands of CI, which runs them on a clean checkout of its own.
CI = {
    "make check",
    "make test",
    "make test-checkouts",
    "make test-faults",
    "make conformance",
}
# What ends with everything removed.
LAST = "make clean"


def local() -> list[str]:
    """The commands in reading order, what removes everything last."""
    read = sorted(
        commands("local"), key=lambda each: ORDER.index(each[0]) if each[0] in ORDER else len(ORDER)
    )
    return [line for _, line in read if line != LAST] + [LAST]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh clone of the last commit, with whatever runs in it stopped at the end."""
    where = tmp_path_factory.mktemp("reader") / "imagelabeller"
    subprocess.run(["git", "clone", "--quiet", PROJECT, where], check=True)
    yield where
    subprocess.run(["make", "down"], cwd=where, check=False, capture_output=True)


def run(command: str, where: Path) -> tuple[int, str]:
    """Run a command in a shell, with the embedded cloud on a port that is free.

    Returns:
        The exit status, and the end of what it printed.
    """
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MAKE"))
    }
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=where,
        env=kept | {"IMAGELABELLER_PORT": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            printed, _ = shell.communicate(timeout=900)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGTERM)
            raise
    return shell.returncode, printed[-4000:]


def test_ci_runs_what_is_not_run_here() -> None:
    script = (PROJECT / ".ci/run").read_text()
    alone = re.findall(r"^\s*alone make (\S+)$", script, re.MULTILINE)

    assert {f"make {target}" for target in alone} >= CI
    assert set(local()) >= CI


@pytest.mark.commands
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("command", [line for line in local() if line not in CI])
def test_a_local_command_works(command: str, clone: Path) -> None:
    status, printed = run(command, clone)

    assert status == 0, printed
