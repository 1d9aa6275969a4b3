"""Runs the scenarios, several at a time, and writes what came of them."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any

from local_aws.errors import CloudError
from local_aws.settings import ROOT, Settings

from capacity.validation import cloud
from capacity.validation.comparison import Compared, compare
from capacity.validation.scenarios import SCENARIOS, Scenario

DATA = Path("docs/source/_static/capacity/validation.json")
AT_ONCE = 6
# A machine that was stopped for as long has measured itself: the scenario is run again.
LATE = 0.1
ATTEMPTS = 3


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run scenarios and write the data file.

    Args:
        arguments: Words of the names of the scenarios to run, which are only printed; all without.
        root: The repository root.

    Returns:
        The exit code: 0, or 1 where something did not start.
    """
    chosen = [each for each in SCENARIOS if all(word in each.name for word in arguments)]
    try:
        rows = run(chosen, Settings.read(root=root), out=sys.stdout.write)
    except CloudError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    if not arguments:
        path = root / DATA
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {**machine(), "scenarios": [each.document() for each in rows]}
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    return 0


def run(
    scenarios: Sequence[Scenario], settings: Settings, at_once: int = AT_ONCE, out: Any = None
) -> list[Compared]:
    """Run scenarios and compare each with its prediction.

    Args:
        scenarios: The scenarios.
        settings: Those of the embedded cloud.
        at_once: How many run at the same time.
        out: Gets a line for each.
    """
    with ExitStack() as stack:
        running = stack.enter_context(cloud.running(settings))
        workers: Queue[cloud.Worker] = Queue()
        for _ in range(min(at_once, len(scenarios))):
            workers.put(stack.enter_context(cloud.worker(running)))

        def one(number: int) -> Compared:
            scenario, worker = scenarios[number], workers.get()
            try:
                for attempt in range(ATTEMPTS):
                    result = worker.run(scenario.document(number * ATTEMPTS + attempt))
                    if result["late"] <= LATE:
                        break
            finally:
                workers.put(worker)
            found = compare(scenario, result)
            if out:
                out(_line(found))
            return found

        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(one, range(len(scenarios))))


def _line(found: Compared) -> str:
    words = [f"{found.scenario:48}"]
    for name, error in (("throughput", found.throughput_error), ("p95", found.p95_error)):
        values = [getattr(each, name) for each in (found.predicted, found.measured)]
        words += [f"{name} {values[0]:6.2f} {values[1]:6.2f} {error:+5.0%} "]
    words += [found.predicted.bottleneck, found.measured.bottleneck, *found.misses]
    return " ".join(words) + "\n"


def machine() -> dict[str, Any]:
    """Describe the machine and the day."""
    return {
        "taken": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "processors": os.cpu_count(),
        "system": f"{platform.system()}, {platform.machine()}",
        "python": platform.python_version(),
        "load": [round(each, 1) for each in os.getloadavg()],
    }
