"""Split the tree into a git repository for each component, its history kept, ready to be pushed.

A component's history is rewritten by git-filter-repo as if its directory had always been the root.
The same history gives the same commits every time, so a repository that was pushed once only ever
moves forward. The pipelines that run the system tests run the revision that their repository names:
it gets a commit of its own whenever the suite has one.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from local_aws.delivery import filtering
from local_aws.delivery.git import GitError, git
from local_aws.errors import UsageError
from local_aws.project.places import COMPONENTS, SUITE, TESTED
from local_aws.tools.progress import show

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from local_aws.cloud import Cloud

BRANCH = "main"


class SplitError(UsageError):
    """The tree cannot be split; the message says why and what to do."""


def repos(cloud: "Cloud", console: "Console", chosen: "argparse.Namespace") -> int:
    """Split the tree, and say where the repositories are."""
    tree = cloud.settings.root
    target = chosen.target or tree / "build" / "repos"
    for name, commit in split(tree, target).items():
        show(console, f"{commit[:7]}  {target / name}")
    show(console, "Push each one:  git -C <repository> push <URL of its Bitbucket repository> main")
    return 0


def split(
    tree: Path,
    target: Path,
    components: Sequence[str] = COMPONENTS,
    tested: Sequence[str] = TESTED,
) -> dict[str, str]:
    """Bring each component's repository up to the tree's last commit.

    Args:
        tree: The root of the tree's own git repository.
        target: The directory of the repositories; one that is already there is moved forward.
        components: The directories to split off.
        tested: Those of them whose repositories name the revision of the suite.

    Returns:
        The commit at which each repository now is, by component.

    Raises:
        SplitError: When the tree is no repository with a whole history, when a component has
            uncommitted changes or no history, or when a repository in the target has commits that
            the tree does not know.
    """
    _check_history(tree)
    if pending := git(tree, "status", "--porcelain", "--", *components):
        first = pending.splitlines()[0].split()[-1]
        raise SplitError(f"There are uncommitted changes ({first}, …): commit them, then split.")
    commits = {}
    with tempfile.TemporaryDirectory() as directory:
        suite = Path(directory)
        revisions = {}
        if set(tested) & set(components):
            _check_committed(tree, SUITE)
            revisions = filtering.split_suite(tree, SUITE, suite)
        for name in components:
            pins = revisions if name in tested else {}
            commits[name] = _publish(tree, name, target / name, pins)
    _check_pins(target, commits, tested)
    return commits


def _check_pins(target: Path, commits: dict[str, str], tested: Sequence[str]) -> None:
    """Check that each repository names the suite as it is."""
    for name in set(tested) & set(commits):
        pin = (target / name / filtering.PIN).read_text().strip()
        if SUITE in commits and pin != commits[SUITE]:
            raise SplitError(
                f"{target / name} names {pin} in {filtering.PIN}, and {SUITE} is at "
                f"{commits[SUITE]}: the history has a merge that changes the suite by itself. "
                "Commit a change to the suite, then split."
            )


def _check_history(tree: Path) -> None:
    """Check that the tree is a git repository of its own, and its history whole."""
    instead = "Clone its own repository, and split that."
    try:
        root = Path(git(tree, "rev-parse", "--show-toplevel"))
    except GitError as error:
        if "not a git repository" not in str(error):
            raise
        raise SplitError(
            f"{tree} is not a Git repository, so it has no history. {instead}"
        ) from error
    if root.resolve() != tree.resolve():
        raise SplitError(
            f"{tree} has no git repository of its own: the one in {root} is another's. {instead}"
        )
    if git(tree, "rev-parse", "--is-shallow-repository") == "true":
        raise SplitError(
            "This clone is shallow, and the repositories need the whole history: "
            "git fetch --unshallow, then split."
        )
    if not git(tree, "rev-list", "--max-count=1", "--all"):
        raise SplitError("There is no commit yet: commit everything, then split.")


def _publish(tree: Path, component: str, repository: Path, pins: dict[str, str]) -> str:
    _check_committed(tree, component)
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        filtering.split(tree, component, scratch, pins, SUITE)
        if not (repository / ".git").exists():
            repository.mkdir(parents=True, exist_ok=True)
            git(repository, "init", "--quiet", "--initial-branch", BRANCH)
            # What the local runner of the pipelines leaves behind is not the component's.
            (repository / ".git" / "info" / "exclude").write_text(".bb-run/\n")
        try:
            git(repository, "pull", "--quiet", "--ff-only", str(scratch), BRANCH)
        except GitError as error:
            raise SplitError(
                f"{repository} has changes or commits that are not in the tree: move it away, "
                f"or bring them into the tree ({error})."
            ) from error
    return git(repository, "rev-parse", "HEAD")


def _check_committed(tree: Path, component: str) -> None:
    if not git(tree, "ls-tree", "HEAD", "--", component):
        raise SplitError(f"{component} is not in the tree's last commit: commit it, then split.")
