"""Split the tree into one git repository a component, its history kept, ready to be pushed.

A component's history is rewritten by git-filter-repo as if its directory had always been the root.
The same history gives the same commits every time, so a repository that was pushed once only ever
moves forward.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from local_aws.delivery.git import GitError, git
from local_aws.delivery.places import COMPONENTS

BRANCH = "main"


class SplitError(Exception):
    """The tree cannot be split; the message says why and what to do."""


def split(house: Path, target: Path, components: Sequence[str] = COMPONENTS) -> dict[str, str]:
    """Bring each component's repository up to the tree's last commit.

    Args:
        house: The root of the tree's own git repository.
        target: The directory of the repositories; one that is already there is moved forward.
        components: The directories to split off.

    Returns:
        The commit at which each repository now is, by component.

    Raises:
        SplitError: When a component has uncommitted changes or no history, or when a repository in
            the target has commits that the tree does not know.
    """
    if pending := git(house, "status", "--porcelain", "--", *components):
        first = pending.splitlines()[0].split()[-1]
        raise SplitError(f"There are uncommitted changes ({first}, …): commit them, then split.")
    return {name: _publish(house, name, target / name) for name in components}


def _publish(house: Path, component: str, repository: Path) -> str:
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        _filter(house, component, scratch)
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


def _filter(house: Path, component: str, scratch: Path) -> None:
    if not git(house, "ls-tree", "HEAD", "--", component):
        raise SplitError(f"{component} is not in the tree's last commit: commit it, then split.")
    git(scratch, "init", "--quiet", "--initial-branch", "unborn")
    git(scratch, "fetch", "--quiet", str(house.resolve()), f"HEAD:refs/heads/{BRANCH}")
    git(scratch, "symbolic-ref", "HEAD", f"refs/heads/{BRANCH}")
    subprocess.run(
        [sys.executable, "-m", "git_filter_repo", "--force", "--subdirectory-filter", component],
        cwd=scratch,
        check=True,
        capture_output=True,
    )


def main(
    arguments: Sequence[str] | None = None, say: Callable[[str], object] = sys.stdout.write
) -> int:
    """Split the tree as the command line says.

    Args:
        arguments: The command line without the program's name.
        say: Where to tell what was done.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m local_aws.delivery.repos", description=__doc__)
    parser.add_argument("--house", type=Path, default=Path.cwd(), help="the tree (default: here)")
    parser.add_argument("--target", type=Path, help="the repositories (default: build/repos)")
    given = parser.parse_args(arguments)
    target = given.target or given.house / "build" / "repos"
    try:
        commits = split(given.house, target)
    except (SplitError, GitError) as error:
        say(f"{error}\n")
        return 2
    for name, commit in commits.items():
        say(f"{commit[:7]}  {target / name}\n")
    say("Push each one:  git -C <repository> push <URL of its Bitbucket repository> main\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
