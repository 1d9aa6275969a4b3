"""One repository's pipeline, run on this machine by bb-run."""

import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local_aws.tools.commands import CommandError, Runner

# bb-run says which step it stopped at, and which ones of a parallel group failed.
_STOPPED = re.compile(r"^fail  Pipeline failed  -  stopped at (.+?)  -  ", re.MULTILINE)
_FAILED_CHILD = re.compile(r"^   - (.+) \(parallel index \d+\)$", re.MULTILINE)
# The pipelines of the functions and of the suite end a deployment with one of these sentences. What
# another step of a parallel group is writing may stand before it in the line.
_SYSTEM_TESTS = re.compile(r"System tests: (passed|switched off) in ([a-z0-9-]+)")
_TAIL_LINES = 40
_HOST = ("--mode", "host", "--branch", "main", "--color", "never", "--no-cache")


@dataclass(frozen=True)
class Run:
    """What came of a pipeline.

    Attributes:
        component: The repository's name.
        commit: The commit it ran for.
        passed: Whether every step passed.
        seconds: How long it took.
        log: Everything that it printed.
        failed: The names of the steps that failed.
        system_tests: `passed` or `switched off`, by region; none where they failed.
    """

    component: str
    commit: str
    passed: bool
    seconds: float
    log: str
    failed: Sequence[str] = ()
    system_tests: Mapping[str, str] = field(default_factory=dict)

    @property
    def tail(self) -> str:
        """The last lines that the pipeline printed."""
        return "\n".join(self.log.rstrip().splitlines()[-_TAIL_LINES:])


def run(
    repository: Path, target: str, commit: str, environment: Mapping[str, str], log: Path
) -> Run:
    """Run a repository's pipeline.

    Args:
        repository: A clone of the component's repository.
        target: The pipeline, as bb-run names it: `branches.main` or `custom.first-deploy`.
        commit: The commit that is checked out.
        environment: The environment of its steps, which holds the credentials and the endpoint.
        log: The file that gets what the pipeline prints, while it prints it.

    Returns:
        What came of it.
    """
    started = time.monotonic()
    command = [sys.executable, "-m", "bbrun", *_HOST, "--repo", str(repository), "--target", target]
    passed = True
    try:
        Runner(timeout=None).run(command, repository, environment, log)
    except CommandError:
        passed = False
    text = log.read_text(errors="replace")
    return Run(
        component=repository.name,
        commit=commit,
        passed=passed,
        seconds=time.monotonic() - started,
        log=text,
        failed=_failed(text),
        system_tests={region: word for word, region in _SYSTEM_TESTS.findall(text)},
    )


def _failed(text: str) -> tuple[str, ...]:
    return tuple(_FAILED_CHILD.findall(text)) or tuple(_STOPPED.findall(text))
