"""Paths, and how a gate is run."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

POLICY = Path(__file__).parents[1]
PROJECT = POLICY.parent
TEMPLATES = Path(__file__).parent / "templates"


def run(*command: object) -> subprocess.CompletedProcess[str]:
    """Run a program in the policy's directory, as `make` does."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=POLICY,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": "src", "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )


def tool(name: str) -> Path:
    """The path of one of the environment's programs."""
    return Path(sys.executable).with_name(name)


def lint(templates: Iterable[Path]) -> list[dict[str, Any]]:
    """Run the project's rules over templates and return cfn-lint's findings."""
    done = run(tool("cfn-lint"), "--format", "json", *templates)
    assert not done.stderr
    return list(json.loads(done.stdout))
