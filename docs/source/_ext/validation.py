"""Directives that show what `make capacity-validation` has measured.

The tables come from validation.json, so that no page can say anything else.
"""

import json
from pathlib import Path
from statistics import median
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
    "what limits: computed, predicted, measured",
    "pictures a second: predicted, measured",
    "p95 in seconds: predicted, measured",
    "outside its tolerance",
)
OVERHEADS = {
    "submit": "a submission",
    "label": "a picture in the labeller",
    "batch": "a batch besides its pictures",
}
VERDICTS = {
    "throughput": "throughput within 10 %",
    "p95": "95th percentile within 20 %",
    "bottleneck": "the right bottleneck",
}


def read() -> dict[str, Any]:
    """Read what was measured."""
    results: dict[str, Any] = json.loads(RESULTS.read_text())
    return results


def rows(results: dict[str, Any]) -> list[tuple[str, ...]]:
    """List the cells of the scenarios."""
    return [_cells(each) for each in results["scenarios"]]


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    predicted, measured = row["predicted"], row["measured"]
    limits = dict.fromkeys((row["computed"], predicted["bottleneck"], measured["bottleneck"]))
    cells = [row["scenario"], ", ".join(limits)]
    for name in ("throughput", "p95"):
        one, other = predicted[name], measured[name]
        error = (one["value"] - other["value"]) / other["value"]
        cells.append(f"{_spread(one)}, {_spread(other)}: {error:+.0%}")
    return (*cells, ", ".join(row["misses"]))


def _spread(found: dict[str, float]) -> str:
    return f"{found['value']:.2f} ({found['low']:.2f} to {found['high']:.2f})"


def overheads(results: dict[str, Any]) -> list[tuple[str, ...]]:
    """List what the real calls took, in milliseconds: the median scenario, and all of them."""
    found: list[tuple[str, ...]] = []
    for name, title in OVERHEADS.items():
        each = [1000 * row["overheads"][name]["value"] for row in results["scenarios"]]
        found.append((title, f"{median(each):.1f}", f"{min(each):.1f} to {max(each):.1f}"))
    return found


def verdicts(results: dict[str, Any]) -> list[tuple[str, ...]]:
    """List in how many scenarios each prediction is within its tolerance."""
    scenarios = results["scenarios"]
    return [
        (title, f"{sum(name not in row['misses'] for row in scenarios)} of {len(scenarios)}")
        for name, title in VERDICTS.items()
    ]


def machine(results: dict[str, Any]) -> list[tuple[str, ...]]:
    """Name the machine and the day."""
    return [
        ("taken", results["taken"]),
        ("processors", str(results["processors"])),
        ("system", results["system"]),
        ("Python", results["python"]),
        ("load at the end", ", ".join(f"{each:.1f}" for each in results["load"])),
    ]


class Validation(SphinxDirective):
    """A table: `scenarios`, `verdicts`, `overheads`, or `machine`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        self.env.note_dependency(RESULTS)
        results = read()
        tables: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
            "scenarios": (HEADS, rows(results)),
            "overheads": (("time of", "median in ms", "of all scenarios"), overheads(results)),
            "verdicts": (("prediction", "scenarios"), verdicts(results)),
            "machine": (("", ""), machine(results)),
        }
        heads, lines = tables[directives.choice(self.arguments[0], tuple(tables))]
        return [table(heads, [_inline(cells) for cells in lines])]


def _inline(cells: tuple[str, ...]) -> list[nodes.Node]:
    return [nodes.inline("", cell) for cell in cells]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx."""
    app.add_directive("validation", Validation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
