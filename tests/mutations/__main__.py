"""Puts each fault of mutations.yml into a copy of the sources, and runs the test that finds it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tests.checkouts.commands import copy_tracked_files
from tests.project import PROJECT

MUTATIONS = Path(__file__).with_name("mutations.yml")
# pytest's exit status where tests ran and failed; any other says nothing about the fault.
PASSED, FAILED = 0, 1


@dataclass(frozen=True)
class Mutation:
    """A fault.

    Attributes:
        file: Where it is put, from the repository's root.
        edits: Pairs of a text that stands there once and its replacement.
        test: The test that has to fail, as pytest names it from the repository's root.
    """

    file: str
    edits: list[tuple[str, str]]
    test: str

    def edited(self, text: str) -> str:
        """Return the file's text with the fault.

        Args:
            text: The file's text without it.

        Raises:
            ValueError: An edit's text does not stand in the file, or more than once.
        """
        for old, new in self.edits:
            if text.count(old) != 1:
                raise ValueError(f"{self.file} has this {text.count(old)} times: {old!r}")
            text = text.replace(old, new)
        return text

    @contextmanager
    def applied(self, root: Path) -> Iterator[None]:
        """Put the fault into a copy of the sources for the block.

        Raises:
            ValueError: A text does not stand in the file, or more than once.
        """
        path = root / self.file
        before = path.read_text()
        path.write_text(self.edited(before))
        try:
            yield
        finally:
            path.write_text(before)


def read() -> list[Mutation]:
    """Read the table."""
    return [Mutation(**entry) for entry in yaml.safe_load(MUTATIONS.read_text())]


def run(test: str, root: Path) -> int:
    """Run a test in a copy of the sources by its component's tools; return pytest's status."""
    component = test.partition("/")[0]
    at_root = component == "tests"
    tools = PROJECT / ("local_aws" if at_root else component)
    return subprocess.run(
        [tools / ".venv/bin/pytest", "-q", test if at_root else test.partition("/")[2]],
        cwd=root if at_root else root / component,
        capture_output=True,
        check=False,
    ).returncode


def judge(mutation: Mutation, root: Path, statuses: dict[str, int]) -> str:
    """Say in a word or a sentence what the test makes of the fault."""
    if mutation.test not in statuses:
        statuses[mutation.test] = run(mutation.test, root)
    if statuses[mutation.test] != PASSED:
        return "the test does not pass without the fault"
    try:
        with mutation.applied(root):
            status = run(mutation.test, root)
    except ValueError as error:
        return str(error)
    return {PASSED: "NOT FOUND", FAILED: "found"}.get(status, f"pytest ended with status {status}")


def main() -> int:
    """Try every fault.

    Returns:
        The exit status: 0 if each was found.
    """
    found, mutations = 0, read()
    statuses: dict[str, int] = {}
    with TemporaryDirectory() as folder:
        root = Path(folder, "sources")
        copy_tracked_files(root)
        subprocess.run(["git", "init", "--quiet", root], check=True)
        subprocess.run(["git", "-C", root, "add", "--all"], check=True)
        for mutation in mutations:
            verdict = judge(mutation, root, statuses)
            found += verdict == "found"
            print(f"{verdict}: {mutation.test}", flush=True)  # noqa: T201 - it is its output
    print(f"{found} of {len(mutations)} faults found")  # noqa: T201
    return found < len(mutations)


if __name__ == "__main__":
    sys.exit(main())
