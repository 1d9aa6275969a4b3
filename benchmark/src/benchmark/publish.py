"""Writes the results and draws them, next to each other."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmark import plots

RESULTS = "results.json"
DOCUMENTATION = Path("docs/source/_static/performance")


def write(results: Mapping[str, Any], directory: Path) -> None:
    """Write results.json and the plots into a directory.

    Args:
        results: The results.
        directory: Where to; made where it is missing.
    """
    directory.mkdir(parents=True, exist_ok=True)
    (directory / RESULTS).write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    for name, svg in plots.draw(results).items():
        (directory / name).write_text(svg)
