"""Files with the same bytes that the skeleton does not know."""

import hashlib
import subprocess
from collections import defaultdict
from pathlib import Path

# A line alone is a value, such as an environment's parameter, and not text that is kept twice.
FEWEST_LINES = 2


def tracked(root: Path) -> list[Path]:
    """Return the files that git knows and that exist, relative to the repository root.

    Raises:
        ValueError: It is no Git repository, or there is no Git.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        raise ValueError(
            f"Git lists the files to check, and cannot in {root}."
            " Use a clone, or run `git init` there."
        ) from None
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return [path for path in dict.fromkeys(paths) if (root / path).is_file()]


def copies(root: Path, known: set[Path]) -> list[list[Path]]:
    """Find files that are kept twice.

    Args:
        root: The repository root, in a git repository.
        known: What is rendered, and what it is rendered from.

    Returns:
        Groups of paths, each of files with the same bytes, of which at least one is not known.

    Raises:
        ValueError: It is no Git repository, or there is no Git.
    """
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in tracked(root):
        content = (root / path).read_bytes()
        if content.count(b"\n") >= FEWEST_LINES:
            groups[hashlib.sha256(content).hexdigest()].append(path)
    return [paths for paths in groups.values() if len(paths) > 1 and not set(paths) <= known]
