"""Copies of the project that are measured, each with an embedded cloud of its own."""

import json
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from benchmark import make
from benchmark.application import Application
from benchmark.errors import BenchmarkError, UsageError

NOW = "now"
DEPLOYED = "submit_image"
CHANGED = Path(DEPLOYED, f"src/{DEPLOYED}/function.py")
# Digits of a commit that are shown.
SHORT = 7
FIRST_LABEL = "first label, after"


class Checkout:
    """A copy of the project.

    Args:
        name: What it is called in the results: `now`, or a commit.
        directory: Where it is.
        version: The commit that it is.
        model: Model package to serve; None for its own.
    """

    def __init__(self, name: str, directory: Path, version: str, model: Path | None = None) -> None:
        self.name = name
        self.version = version
        self.directory = directory
        self._model = [f"MODEL={model}"] if model else []

    def start(self) -> Application:
        """Start its cloud on free ports and deploy the application.

        Returns:
            The application.
        """
        make.run(["up", "deploy", "PORT=0", *self._model], self.directory)
        return self.application()

    def demonstrate(self) -> dict[str, float]:
        """Do the same with the demo, twice, then deploy a changed function.

        Returns:
            The seconds until the first label, of the second demo, and of the deployment.
        """
        demo = ["demo", "PORT=0", *self._model]
        printed = make.run(demo, self.directory)
        lines = [line for line in printed.splitlines() if line.startswith(FIRST_LABEL)]
        if not lines:
            raise BenchmarkError("make demo did not print how long the first label took.")
        return {
            "deployment.first_label": float(lines[0].split()[-2]),
            "deployment.second_demo": self._seconds(demo),
            "deployment.changed_function": self._changed(),
        }

    def application(self) -> Application:
        """Return the application that is deployed.

        Raises:
            BenchmarkError: If the commit is from before `make status` printed JSON.
        """
        status = make.run(["--silent", "status", "JSON=yes"], self.directory)
        try:
            parsed = json.loads(status)
        except ValueError as error:
            raise BenchmarkError(
                f"{self.version} cannot be measured: its make status does not print JSON."
            ) from error
        return Application(self.name, self.directory, parsed, self.version)

    def stop(self) -> None:
        """Stop its cloud, if it runs."""
        if (self.directory / ".local").exists():
            make.run(["down"], self.directory, apart=True)

    def _changed(self) -> float:
        with (self.directory / CHANGED).open("a") as source:
            source.write("# changed\n")
        return self._seconds(["deploy", f"COMPONENT={DEPLOYED}"])

    def _seconds(self, words: Sequence[str]) -> float:
        began = time.perf_counter()
        make.run(words, self.directory)
        return time.perf_counter() - began


def remove(directory: Path) -> None:
    """Remove a copy, so that the next one is as new as a user's first."""
    shutil.rmtree(directory, ignore_errors=True)


def of_working_tree(project: Path, directory: Path) -> None:
    """Bring a copy up to the project's working tree, with what is not committed.

    What was built or installed in the copy stays, and files that are the same keep their times.

    Args:
        project: The project's directory.
        directory: The copy, which need not exist.

    Raises:
        BenchmarkError: If the project is not a Git repository.
    """
    wanted = set(_files(project, "--cached", "--others", "--exclude-standard"))
    wanted = {name for name in wanted if (project / name).is_file()}
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / ".git").exists():
        _git(directory, "init", "--quiet")
    for name in _files(directory, "--others", "--exclude-standard"):
        if name not in wanted:
            (directory / name).unlink()
    for name in wanted:
        source, copy = project / name, directory / name
        if copy.exists() and copy.read_bytes() == source.read_bytes():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)


def of_commit(project: Path, commit: str, directory: Path) -> None:
    """Check a commit out into a directory, unless it is there.

    Args:
        project: The project's directory.
        commit: Which commit.
        directory: Where to.

    Raises:
        UsageError: If there is no such commit.
    """
    whole = resolve(project, commit)
    if not (directory / ".git").exists():
        directory.parent.mkdir(parents=True, exist_ok=True)
        _git(project, "clone", "--quiet", "--no-checkout", ".", str(directory))
    else:
        _git(directory, "fetch", "--quiet", str(project), whole)
    _git(directory, "checkout", "--quiet", "--force", "--detach", whole)


def version(project: Path) -> str:
    """Return the commit that the project is at, with `-dirty` where more than that is measured."""
    return resolve(project, "HEAD")[:SHORT] + ("-dirty" if _changed(project) else "")


def require_committed(project: Path) -> None:
    """Refuse to go on where the project has changes that no commit has.

    Raises:
        UsageError: If there are any: figures that are published name the commit that they are of.
    """
    if changed := _changed(project):
        raise UsageError(
            "PUBLISH=yes names the commit that was measured, so commit or undo these changes first:"
            f"\n{changed}"
        )


def _changed(project: Path) -> str:
    return _git(project, "status", "--porcelain").rstrip()


def resolve(project: Path, commit: str) -> str:
    """Return the whole name of a commit.

    Raises:
        UsageError: If there is no such commit.
    """
    done = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UsageError(f"BEFORE: this repository has no commit {commit!r}.")
    return done.stdout.strip()


def _files(directory: Path, *which: str) -> list[str]:
    return [name for name in _git(directory, "ls-files", "-z", *which).split("\0") if name]


def _git(directory: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", *words], cwd=directory, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", "") or str(error)
        raise BenchmarkError(f"git {words[0]} failed in {directory}: {reason.strip()}") from error
    return done.stdout
