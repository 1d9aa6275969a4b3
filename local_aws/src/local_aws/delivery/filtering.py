"""A component's history, rewritten by git-filter-repo as if its directory had been the root.

A repository that runs the system tests has a file that names the commit of their repository. The
history of the suite decides it: each commit that changes the suite is one of this repository, too,
in which the file is all that changes.
"""

import subprocess
import sys
from pathlib import Path

from local_aws.delivery.git import GitError, git

PIN = "SYSTEM_TESTS_REVISION"
# Run by git-filter-repo for each commit. The suite's files make way for the name of its commit.
CALLBACK = """
kept = [change for change in commit.file_changes if not change.filename.startswith({suite!r})]
blob = {blobs!r}.get(commit.original_id)
if blob:
    kept.append(FileChange(b"M", {pin!r}, blob, b"100644"))
commit.file_changes = kept
"""


def split_suite(tree: Path, suite: str, scratch: Path) -> dict[str, str]:
    """Split the suite off, and tell at which of its commits the tree's are.

    Args:
        tree: The root of the tree's git repository.
        suite: The suite's directory.
        scratch: An empty directory for the repository.

    Returns:
        By each commit of the tree that changes the suite or merges, that of the suite's repository.
    """
    split(tree, suite, scratch)
    lines = (scratch / ".git/filter-repo/commit-map").read_text().splitlines()[1:]
    # A commit that does not change the suite has none of its own: zeros.
    known = {old: new for old, new in map(str.split, lines) if new.strip("0")}
    for merge in git(tree, "rev-list", "--merges", "HEAD").split():
        changed = git(tree, "log", "-1", "--format=%H", merge, "--", suite)
        if changed in known:
            known.setdefault(merge, known[changed])
    return known


def split(
    tree: Path,
    component: str,
    scratch: Path,
    pins: dict[str, str] | None = None,
    suite: str = "",
) -> None:
    """Rewrite a component's history into a repository of its own.

    Args:
        tree: The root of the tree's git repository.
        component: The component's directory.
        scratch: An empty directory for the repository; its branch is `main`.
        pins: By commit of the tree, the commit that the file PIN names from then on; none where
            there is no such file.
        suite: The suite's directory, whose commits are kept for the sake of that file.
    """
    git(scratch, "init", "--quiet", "--initial-branch", "unborn")
    git(scratch, "fetch", "--quiet", str(tree.resolve()), "HEAD:refs/heads/main")
    git(scratch, "symbolic-ref", "HEAD", "refs/heads/main")
    if not pins:
        _filter(scratch, "--subdirectory-filter", component)
        return
    blobs = {old.encode(): _blob(scratch, new).encode() for old, new in pins.items()}
    callback = CALLBACK.format(suite=f"{suite}/".encode(), blobs=blobs, pin=PIN.encode())
    chosen = ["--path", f"{component}/", "--path", f"{suite}/", "--path-rename", f"{component}/:"]
    _filter(scratch, *chosen, "--commit-callback", callback)


def _blob(repository: Path, text: str) -> str:
    """Store a line as a file's content, and return its id."""
    path = repository / ".git" / PIN
    path.write_text(f"{text}\n")
    return git(repository, "hash-object", "-w", str(path))


def _filter(scratch: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "git_filter_repo", "--force", *arguments],
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it says nothing"]
        raise GitError(f"git-filter-repo could not rewrite the history: {said[-1]}")
