"""Render the skeleton into the components: `python -m skeleton [--check]`."""

import argparse
import sys
from pathlib import Path

from jinja2 import TemplateError
from local_aws.errors import CloudError
from local_aws.project.facts import NAME

from skeleton.copies import copies
from skeleton.plan import plan, read, surplus
from skeleton.rendering import ENDPOINT, ROW, TEMPLATE

ROOT = Path(__file__).parents[3]


def findings(root: Path) -> list[str]:
    """Say what rendering would change, and what is kept twice.

    Args:
        root: The repository root.

    Returns:
        A sentence for each finding, which says what to do.
    """
    facts = read(root)
    planned = plan(root, facts)
    found = [
        f"{each.target} is not what {each.source} says: edit {_reads(each.source)}, "
        "then run `make skeleton`."
        for each in planned
        if not (root / each.target).is_file() or (root / each.target).read_bytes() != each.content
    ]
    found += [
        f"{path} has no source in skeleton/files: move it there, or delete it by `make skeleton`."
        for path in surplus(root, facts, planned)
    ]
    known = {path for each in planned for path in (each.source, each.target)}
    found += [
        f"{' and '.join(map(str, paths))} are the same: keep one, in skeleton/files."
        for paths in copies(root, known)
    ]
    return found


def _reads(source: Path) -> str:
    return f"that one, {NAME}, {ROW} or {ENDPOINT}" if source.suffix == TEMPLATE else "that one"


def render(root: Path) -> list[Path]:
    """Write what differs, and delete what has no source any more.

    Args:
        root: The repository root.

    Returns:
        What was written or deleted, relative to the root.
    """
    facts = read(root)
    planned = plan(root, facts)
    changed = []
    for _, target, content in planned:
        path = root / target
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(target)
    for target in surplus(root, facts, planned):
        (root / target).unlink()
        changed.append(target)
    return changed


def main() -> int:
    """Render, or check.

    Returns:
        The exit code: 1 if a check found something, 2 if nothing could be rendered.
    """
    parser = argparse.ArgumentParser(prog="python -m skeleton", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail on differences")
    chosen = parser.parse_args()
    try:
        lines = findings(ROOT) if chosen.check else [str(path) for path in render(ROOT)]
    except (CloudError, TemplateError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if chosen.check and lines else 0


if __name__ == "__main__":
    sys.exit(main())
