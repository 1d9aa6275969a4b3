"""Draws an answer: what limits, and what becomes of an outage."""

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from capacity.answer import Answer
from capacity.report import pictures

SHOWN = 8
POINTS = 200
AFTER = 1.3
# The same file for the same answer: no date, and names of elements that do not differ.
METADATA = {"Date": None, "Creator": None}


def draw(answer: Answer, file: Path) -> None:
    """Draw into an SVG file.

    Args:
        answer: What was computed.
        file: The file.

    Raises:
        OSError: If it cannot be written.
    """
    has_outage = answer.load.outage > 0 and math.isfinite(answer.outage.seconds)
    with mpl.rc_context({"svg.hashsalt": "capacity", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, 7 if has_outage else 4), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots(2 if has_outage else 1, 1, squeeze=False)[:, 0]
        limits = answer.limits[:SHOWN]
        names = [each.title for each in limits]
        axes[0].barh(names, [each.pictures for each in limits], color="#4878a8")
        axes[0].axvline(
            answer.load.rate, color="#b03030", label=f"{pictures(answer.load.rate)} a second"
        )
        axes[0].set_xscale("log")
        axes[0].set_xlabel("pictures a second")
        axes[0].invert_yaxis()
        axes[0].legend()
        if has_outage:
            times, waiting = _waiting(answer)
            axes[1].plot(times / 3600, waiting, color="#4878a8")
            axes[1].set_xlabel("hours since the beginning of the outage")
            axes[1].set_ylabel("pictures that wait")
        figure.savefig(file, format="svg", metadata=METADATA)


def _waiting(
    answer: Answer,
) -> tuple[
    "np.ndarray[tuple[int], np.dtype[np.float64]]", "np.ndarray[tuple[int], np.dtype[np.float64]]"
]:
    outage, length = answer.outage, answer.load.outage
    times = np.linspace(0, (length + outage.seconds) * AFTER, POINTS)
    pure = outage.pictures / outage.a_second if outage.a_second > 0 else outage.seconds
    starts = length + max(0.0, outage.seconds - pure)
    grown = np.minimum(times / length, 1.0) * outage.pictures
    drained = np.maximum(times - starts, 0) * outage.a_second
    return times, np.maximum(grown - drained, 0)
