"""Which file of the skeleton is rendered to where."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local_aws.project.facts import (
    ACCOUNT,
    FUNCTION,
    INFRASTRUCTURE,
    KINDS,
    NAME,
    REPOSITORIES,
    Entry,
    Facts,
)

from skeleton.blocks import pages
from skeleton.rendering import TEMPLATE, Rendering, names, text

FILES = Path("skeleton/files")
# The sets that the repository root carries, and those that every component of a kind carries.
TOP = ("git", "licence", "top")
SETS = {
    "git": KINDS,
    "component": KINDS,
    "stack": (INFRASTRUCTURE, FUNCTION, ACCOUNT),
    "repository": REPOSITORIES,
    "deployed": (INFRASTRUCTURE, FUNCTION),
    "function": (FUNCTION,),
}
# Directories in which a component has nothing but what is rendered.
WHOLE = ("deploy", "tests/deploy")


def read(root: Path) -> Facts:
    """Read the facts of a project in which each component has a directory.

    Args:
        root: The repository root.

    Raises:
        ValueError: If a component has none: its name may be misspelt.
    """
    facts = Facts.read(root)
    for name in facts.components:
        if not (root / name).is_dir():
            raise ValueError(
                f"{NAME} lists the component {name}, and there is no directory {name}: create it "
                "with the files that are its own, or correct the name."
            )
    return facts


def plan(root: Path, facts: Facts) -> list[Rendering]:
    """Render everything in memory.

    Args:
        root: The repository root.
        facts: The project's facts.

    Raises:
        jinja2.TemplateError: If a template is wrong.
        ValueError: If two sources have one target, or there is no set or block of a name.
    """
    known = names(root, facts)
    found = [
        rendering
        for entry in facts.components.values()
        for name, directory in _sets(entry)
        for rendering in _render(
            root, name, Path(entry.name, directory), known | {"component": entry}
        )
    ]
    for name in TOP:
        found += _render(root, name, Path(), known)
    found += pages(root, facts)
    sources: dict[Path, Path] = {}
    for each in found:
        other = sources.setdefault(each.target, each.source)
        if other != each.source:
            raise ValueError(f"{each.target} has two sources: {other} and {each.source}.")
    return found


def surplus(root: Path, facts: Facts, planned: list[Rendering]) -> list[Path]:
    """Find what has no source, where a component has nothing but what is rendered.

    Args:
        root: The repository root.
        facts: The project's facts.
        planned: What is rendered.

    Returns:
        Paths relative to the repository root.
    """
    targets = {each.target for each in planned}
    return [
        path.relative_to(root)
        for name in facts.components
        for directory in WHOLE
        for path in sorted((root / name / directory).glob("*"))
        if path.is_file() and path.relative_to(root) not in targets
    ]


def _sets(entry: Entry) -> Iterator[tuple[str, str]]:
    yield from ((name, "") for name, kinds in SETS.items() if entry.kind in kinds)
    yield from entry.carries.items()


def _render(root: Path, name: str, directory: Path, known: dict[str, Any]) -> Iterator[Rendering]:
    folder = root / FILES / name
    if not folder.is_dir():
        raise ValueError(f"{directory} carries {name!r}, and there is no {FILES / name}.")
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        source, inside = path.relative_to(root), path.relative_to(folder)
        content = path.read_bytes()
        if path.suffix == TEMPLATE:
            inside = inside.with_suffix("")
            content = text(content.decode(), known).encode()
        yield Rendering(source, directory / inside, content)
