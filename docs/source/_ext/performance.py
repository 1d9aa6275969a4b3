"""Directives that show what `make benchmark PUBLISH=yes` has measured.

The tables come from results.json, so that no page can say anything else.
"""

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from quotas import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

RESULTS = Path(__file__).parents[1] / "_static/performance/results.json"
NOW = "now"
MET: dict[bool | None, str] = {True: "met", False: "missed"}
NOT_MEASURED = "-"
# Figures of a picture's processor time: the case is a column, and the process a row.
PART = re.compile(r"part-(|tutorial_|large_|large_tutorial_)([a-z]+)")
CASES = {
    "": "0.3 megapixels",
    "tutorial_": "0.3, the tutorial's",
    "large_": "12 megapixels",
    "large_tutorial_": "12, the tutorial's",
}
PROCESSES = {
    "endpoint": "endpoint",
    "labeller": "labeller, without its decoding processes",
    "decoders": "its decoding processes",
    "emulator": "emulator",
    "all": "all of them",
}


def read() -> dict[str, Any]:
    """Read what was measured."""
    results: dict[str, Any] = json.loads(RESULTS.read_text())
    return results


def names(results: dict[str, Any]) -> list[str]:
    """Return what was measured, from the oldest commit to `now`."""
    return list(reversed(results["commits"]))


def rows(results: dict[str, Any], *, with_goal: bool) -> list[list[str]]:
    """List the cells of the figures that have a goal, or of those that have none."""
    found: dict[str, dict[str, Any]] = {}
    for each in results["figures"]:
        if (each["target"] is not None) == with_goal and not PART.fullmatch(each["name"]):
            found.setdefault(each["name"], {})[each["of"]] = each
    return [_cells(by_name, names(results), with_goal=with_goal) for by_name in found.values()]


def _cells(by_name: dict[str, Any], of: list[str], *, with_goal: bool) -> list[str]:
    first = next(iter(by_name.values()))
    shown = [by_name[name]["shown"] if name in by_name else NOT_MEASURED for name in of]
    cells = [first["title"], first["how"], *shown]
    if with_goal:
        met = by_name[NOW]["met"] if NOW in by_name else None
        cells += [first["goal"], MET.get(met, NOT_MEASURED)]
    return cells


def parts(results: dict[str, Any]) -> list[list[str]]:
    """List the cells of a picture's processor time: a row for each process."""
    shown = {
        match.group(2, 1): each["shown"]
        for each in results["figures"]
        if each["of"] == NOW and (match := PART.fullmatch(each["name"]))
    }
    return [
        [title, *(shown.get((process, case), NOT_MEASURED) for case in CASES)]
        for process, title in PROCESSES.items()
    ]


def heads(results: dict[str, Any], *, with_goal: bool) -> tuple[str, ...]:
    """Return the heads of the columns."""
    return ("what", "how", *names(results), *(("goal", "now") if with_goal else ()))


def machine(results: dict[str, Any]) -> list[tuple[str, str]]:
    """Name the machine, the versions and the commits."""
    found = results["machine"]
    return [
        ("taken", found["taken"]),
        ("processor", f"{found['processors']} × {found['processor']}"),
        ("memory", f"{found['memory_gb']:.0f} GB"),
        ("system", found["system"]),
        ("load before", ", ".join(f"{each:.2f}" for each in found["load_before"])),
        ("versions", ", ".join(f"{name} {each}" for name, each in found["versions"].items())),
        *((f"commit of {name}", commit) for name, commit in results["commits"].items()),
        ("rounds", f"{len(results['rounds'])}, in {results['minutes']:.1f} minutes"),
    ]


class Performance(SphinxDirective):
    """A table: the figures with `goals`, the `others`, a picture's `parts`, or the `machine`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        self.env.note_dependency(RESULTS)
        results = read()
        which = directives.choice(self.arguments[0], ("goals", "others", "parts", "machine"))
        if which == "machine":
            return [table(("", ""), [_inline(cells) for cells in machine(results)])]
        if which == "parts":
            cells = [_inline(line) for line in parts(results)]
            return [table(("process", *CASES.values()), cells)]
        with_goal = which == "goals"
        lines = rows(results, with_goal=with_goal)
        return [table(heads(results, with_goal=with_goal), [_inline(cells) for cells in lines])]


def _inline(cells: "list[str] | tuple[str, ...]") -> list[nodes.Node]:
    return [nodes.inline("", cell) for cell in cells]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx."""
    app.add_directive("performance", Performance)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
