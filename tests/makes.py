"""Runs the root's make as somebody at a shell does, and shows what its recipes get."""

import os
import re
import subprocess

from tests.project import PROJECT

_TAKEN = re.findall(r"^TAKES_[\w-]+ := (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
# All that can be set on the command line of make.
NAMES = sorted({name for taken in _TAKEN for name in re.findall(r"\b[A-Z_]+\b", taken)})


def make(*words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the root's make in an environment that has PATH, HOME and these variables."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["make", *words],
        cwd=PROJECT,
        env=inherited | variables,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )


def passed_on(*words: str, **variables: str) -> list[dict[str, str]]:
    """Return the environments of a recipe, and of a recipe of the make that it calls."""
    rules = (
        f"TAKES_show := {' '.join(NAMES)}",
        "show: ; @env -0; $(MAKE) --no-print-directory again",
        "again: ; @printf '\\0\\0'; env -0",
    )
    done = make(*(f"--eval={rule}" for rule in rules), "show", *words, **variables)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return [
        dict(pair.split("=", 1) for pair in part.split("\0") if pair)
        for part in done.stdout.split("\0\0\0")
    ]
