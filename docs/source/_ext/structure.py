"""A directive that draws a Python package: its parts, their lines, and what imports what."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
from diagrams import THEMES, draw
from docutils import nodes
from quotas import SOURCES, table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

HEADS = ("part", "what it is for", "modules", "lines")
# Where Python begins is no part that anybody imports.
ENTRY = "__main__"


def imports(package: str) -> dict[str, set[str]]:
    """Return which part of a package imports which, without what follows from that.

    Args:
        package: Name of the package.

    Returns:
        By part, the parts that it imports; those that it reaches through another are left out.
    """
    if str(SOURCES) not in sys.path:
        sys.path.append(str(SOURCES))
    graph = grimp.build_graph(package, cache_dir=None)
    parts = graph.find_children(package)
    for part in parts:
        graph.squash_module(part)
    found = {part: graph.find_modules_directly_imported_by(part) & parts for part in parts}
    reached = {part: graph.find_upstream_modules(part) & parts for part in parts}
    return {
        _short(part): {
            _short(each)
            for each in direct
            if not any(each in reached[other] for other in direct - {each})
        }
        for part, direct in found.items()
        if _short(part) != ENTRY
    }


def parts(package: Path) -> dict[str, tuple[str, int, int]]:
    """Return what each part of a package is for, and how many modules and lines it has.

    Args:
        package: Directory of the package.
    """
    found = {}
    for path in sorted(package.iterdir()):
        inside = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        if path.stem.startswith("__") or not inside or path.suffix not in {"", ".py"}:
            continue
        face = path / "__init__.py" if path.is_dir() else path
        purpose = ast.get_docstring(ast.parse(face.read_text())) or ""
        lines = sum(len(each.read_text().splitlines()) for each in inside)
        found[path.stem] = (purpose.partition("\n")[0], len(inside), lines)
    return found


def drawing(package: Path) -> str:
    """Return the picture in D2: a box for each part, an arrow to each that it imports."""
    boxes = [
        f'{name}: "{name}\\n{lines:,} lines"' for name, (_, _, lines) in parts(package).items()
    ]
    arrows = [
        f"{name} -> {other}"
        for name, others in sorted(imports(package.name).items())
        for other in sorted(others)
    ]
    return "\n".join(["direction: down", *boxes, *arrows, ""])


class Structure(SphinxDirective):
    """The picture and the table of a package of the embedded cloud's sources."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make a figure and a table."""
        package = SOURCES / self.arguments[0]
        for path in package.rglob("*.py"):
            self.env.note_dependency(path)
        source = Path(self.env.doctreedir) / f"{package.name}.d2"
        source.write_text(drawing(package))
        figure = nodes.figure(classes=["diagram"])
        for theme in THEMES:
            name = f"{package.name}-{theme}.svg"
            try:
                draw(source, theme, Path(self.env.srcdir) / "_static/diagrams" / name)
            except subprocess.CalledProcessError as error:
                raise self.error(f"D2 refuses {source.name}: {error.stderr.decode()}") from error
            figure += nodes.image(
                uri=f"/_static/diagrams/{name}",
                alt=" ".join(self.content),
                classes=[f"only-{theme}"],
            )
        rows: list[list[nodes.Node]] = [
            [nodes.literal("", name), *(nodes.inline("", text) for text in texts)]
            for name, texts in _cells(package)
        ]
        return [figure, table(HEADS, rows)]


def _cells(package: Path) -> list[tuple[str, tuple[str, ...]]]:
    found = parts(package)
    cells = [
        (name, (purpose, f"{modules:,}", f"{lines:,}"))
        for name, (purpose, modules, lines) in found.items()
    ]
    modules = sum(number for _, number, _ in found.values())
    lines = sum(number for _, _, number in found.values())
    return [*cells, ("all", ("", f"{modules:,}", f"{lines:,}"))]


def _short(module: str) -> str:
    return module.rpartition(".")[2]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx."""
    app.add_directive("structure", Structure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
