"""Directives that show what `make capacity-validation` has measured.

The tables come from validation.json, so that no page can say anything else.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from quotas import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

RESULTS = Path(__file__).parents[1] / "_static/capacity/validation.json"
HEADS = (
    "scenario",
    "what limits: predicted, measured",
    "pictures a second: predicted, measured",
    "p95 in seconds: predicted, measured",
    "outside its tolerance",
)


def read() -> dict[str, Any]:
    """Read what was measured."""
    results: dict[str, Any] = json.loads(RESULTS.read_text())
    return results


def rows(results: dict[str, Any]) -> list[tuple[str, ...]]:
    """List the cells of the scenarios."""
    return [_cells(each) for each in results["scenarios"]]


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    predicted, measured = row["predicted"], row["measured"]
    limits = dict.fromkeys((predicted["bottleneck"], measured["bottleneck"]))
    cells = [row["scenario"], ", ".join(limits)]
    for name in ("throughput", "p95"):
        error = (predicted[name] - measured[name]) / measured[name]
        cells.append(f"{predicted[name]:.2f}, {measured[name]:.2f} ({error:+.0%})")
    return (*cells, ", ".join(row["misses"]))


def machine(results: dict[str, Any]) -> list[tuple[str, str]]:
    """Name the machine and the day."""
    return [
        ("taken", results["taken"]),
        ("processors", str(results["processors"])),
        ("system", results["system"]),
        ("Python", results["python"]),
        ("load at the end", ", ".join(f"{each:.1f}" for each in results["load"])),
    ]


class Validation(SphinxDirective):
    """A table: the `scenarios`, or the `machine`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        self.env.note_dependency(RESULTS)
        results = read()
        which = directives.choice(self.arguments[0], ("scenarios", "machine"))
        heads, lines = ("", ""), list[tuple[str, ...]](machine(results))
        if which == "scenarios":
            return [table(HEADS, [_inline(cells) for cells in rows(results)])]
        return [table(heads, [_inline(cells) for cells in lines])]


def _inline(cells: tuple[str, ...]) -> list[nodes.Node]:
    return [nodes.inline("", cell) for cell in cells]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx."""
    app.add_directive("validation", Validation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
