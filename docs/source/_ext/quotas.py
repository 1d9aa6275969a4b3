"""A directive that shows the quotas and what the application takes of each."""

import importlib
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

PROJECT = Path(__file__).parents[3]
SOURCES = PROJECT / "local_aws/src"
HEADS = ("quota", "code", "counts", "we take", "new account", "default", "to raise it")
ERRORS = ("quota", "what AWS says", "seen", "source of the default", "what settles it")
SCOPES = {"each": "each one", "region": "a region", "account": "the account"}


def _module(name: str) -> Any:
    """Import a module of the embedded cloud that needs nothing but YAML."""
    if str(SOURCES) not in sys.path:
        sys.path.append(str(SOURCES))
    return importlib.import_module(f"local_aws.preflight.{name}")


def rows() -> list[tuple[str, ...]]:
    """List the cells of the table, computed from templates and parameter files."""
    usage = _module("usage").Usage(PROJECT).all_together()
    return [
        (
            quota.name,
            f"{quota.service} {quota.code}".strip(),
            SCOPES[quota.scope],
            f"{usage[quota.id]:,} {quota.unit}" if quota.id in usage else "measured once packaged",
            f"{quota.new:,}",
            f"{quota.documented:,}",
            quota.how,
        )
        for quota in _module("quotas").read().values()
    ]


def origin(quota: Any) -> str:
    """Say what the link to a quota's source is worth."""
    if quota.verified:
        return f"AWS, a stored copy read on {quota.read}"
    return f"not read at AWS: quoted here, as of {quota.read}"


class Quotas(SphinxDirective):
    """The table of the quotas."""

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        self.env.note_dependency(SOURCES / "local_aws/preflight/quotas.yml")
        for path in (*PROJECT.glob("*/template.yml"), *PROJECT.glob("*/parameters/*.yml")):
            self.env.note_dependency(path)
        return [table(HEADS, [[nodes.inline("", cell) for cell in row] for row in rows()])]


class Errors(SphinxDirective):
    """What AWS says, and the sources."""

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        cells: list[list[nodes.Node]] = [
            [
                nodes.inline("", each.name),
                nodes.literal("", each.error) if each.error else nodes.inline("", "not seen"),
                nodes.inline("", each.seen or "-"),
                nodes.reference("", origin(each), refuri=each.source, internal=False),
                nodes.literal("", each.settled_by) if each.settled_by else nodes.inline("", "-"),
            ]
            for each in _module("quotas").read().values()
        ]
        return [table(ERRORS, cells)]


def table(heads: tuple[str, ...], rows: list[list[nodes.Node]]) -> nodes.table:
    """Make a table of cells."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heads), cols=len(heads))
    group += nodes.thead("", _row([nodes.inline("", head) for head in heads]))
    group += nodes.tbody("", *(_row(cells) for cells in rows))
    return nodes.table("", group, classes=["from-template"])


def _row(cells: list[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives with Sphinx."""
    app.add_directive("quotas", Quotas)
    app.add_directive("quota-errors", Errors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
