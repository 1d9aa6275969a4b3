"""The plots, the same byte for byte for the same results."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from benchmark.report import rows

# Without a salt the ids are random. Text stays text, in the reader's font.
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "ImageLabeller",
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
METADATA = {"Date": None, "Creator": None}
COLUMNS = 3
# Distinguished by people who do not see all colours, and in print (Okabe and Ito).
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
GOAL = "#555555"
PARTS = {
    "processor-endpoint": "endpoint",
    "processor-functions": "labeller",
    "processor-emulator": "emulator",
}
ROUTES = {"nothing": "no-op", "submit": "submit", "look-up": "look-up"}

type Results = Mapping[str, Any]


def draw(results: Results) -> dict[str, str]:
    """Draw what was measured.

    Returns:
        By the file's name, the plots as SVG; what was not measured is not drawn.
    """
    drawings: dict[str, Callable[[Results], Canvas | None]] = {
        "goals.svg": goals,
        "processor.svg": processor_time,
        "api.svg": latencies,
    }
    found = {}
    with mpl.rc_context(STYLE):
        for name, drawing in drawings.items():
            if canvas := drawing(results):
                file = io.StringIO()
                canvas.savefig(file, format="svg", metadata=METADATA)
                found[name] = "\n".join(line.rstrip() for line in file.getvalue().splitlines())
                found[name] += "\n"
    return found


def goals(results: Results) -> Canvas | None:
    """Draw each figure that has a goal: medians with quartiles, and the goal as a line."""
    wanted = [each for each in rows(results) if next(iter(each.values()))["target"] is not None]
    if not wanted:
        return None
    lines = -(-len(wanted) // COLUMNS)
    names = _names(results)
    canvas = Canvas(figsize=(10, lines * (1.0 + 0.25 * len(names))), layout="constrained")
    panels = list(canvas.subplots(lines, COLUMNS, squeeze=False).flat)
    for panel, by_name in zip(panels, wanted, strict=False):
        _goal(panel, by_name, names)
    for panel in panels[len(wanted) :]:
        panel.set_axis_off()
    return canvas


def _goal(panel: Axes, by_name: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> None:
    first = next(iter(by_name.values()))
    for place, name in enumerate(names):
        if found := by_name.get(name):
            colour = COLOURS[place % len(COLOURS)]
            panel.plot([found["low"], found["high"]], [place, place], color=colour, linewidth=2)
            panel.plot(found["median"], place, "o", color=colour)
    panel.axvline(first["target"], color=GOAL, linestyle="--", linewidth=1)
    panel.set_title(f"{first['title']}\ngoal {first['goal']}", loc="left", fontsize=8)
    panel.set_yticks(range(len(names)), names)
    panel.set_ylim(-0.6, len(names) - 0.4)
    panel.set_xlim(left=min(0.0, *(each["low"] for each in by_name.values())))
    panel.margins(x=0.08)
    if first["unit"]:
        panel.set_xlabel(first["unit"])


def processor_time(results: Results) -> Canvas | None:
    """Draw where the processor time of a picture goes, part by part."""
    found = {next(iter(each.values()))["name"]: each for each in rows(results)}
    if not PARTS.keys() <= found.keys():
        return None
    names = _names(results)
    canvas = Canvas(figsize=(10, 1.2 + 0.4 * len(names)), layout="constrained")
    panel = canvas.subplots()
    left = [0.0] * len(names)
    for colour, (part, title) in zip(COLOURS, PARTS.items(), strict=False):
        widths = [found[part][name]["median"] for name in names]
        panel.barh(names, widths, left=left, color=colour, label=title)
        left = [before + width for before, width in zip(left, widths, strict=True)]
    panel.set_xlabel("processor time of a picture of 0.3 megapixels, ms")
    panel.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    return canvas


def latencies(results: Results) -> Canvas | None:
    """Draw the API's latencies: a line from the median to the 95th percentile."""
    found = {next(iter(each.values()))["name"]: each for each in rows(results)}
    if f"api-{next(iter(ROUTES))}-p50-ms" not in found:
        return None
    names = _names(results)
    canvas = Canvas(figsize=(10, 1 + 0.3 * len(names) * len(ROUTES)), layout="constrained")
    panel = canvas.subplots()
    ticks: list[str] = []
    for route, title in ROUTES.items():
        for place, name in enumerate(names):
            p50, p95 = (found[f"api-{route}-{each}-ms"][name]["median"] for each in ("p50", "p95"))
            colour, line = COLOURS[place % len(COLOURS)], len(ticks)
            panel.plot([p50, p95], [line, line], color=colour, linewidth=2)
            panel.plot(p50, line, "o", color=colour)
            panel.plot(p95, line, "|", color=colour, markersize=10)
            ticks.append(f"{title}, {name}" if len(names) > 1 else title)
    panel.set_yticks(range(len(ticks)), ticks)
    panel.set_ylim(len(ticks) - 0.4, -0.6)
    panel.set_xlim(left=0)
    panel.set_xlabel("ms: the dot is the median, the bar the 95th percentile")
    return canvas


def _names(results: Results) -> list[str]:
    """Return the applications that were measured, the oldest first."""
    return list(reversed(results["commits"]))
