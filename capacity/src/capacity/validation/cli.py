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
AT_ONCE = 11
REPETITIONS = 3
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
    scenarios: Sequence[Scenario],
    settings: Settings,
    repetitions: int = REPETITIONS,
    out: Any = None,
) -> list[Compared]:
    """Run scenarios and compare each with its prediction.

    All are run once before any is repeated, so that a busy time of the machine meets none of them
    in every repetition, and nothing is simulated meanwhile.

    Args:
        scenarios: The scenarios.
        settings: Those of the embedded cloud.
        repetitions: How often each is run.
        out: Gets a line for each.
    """
    runs = [number for _ in range(repetitions) for number in range(len(scenarios))]
    results = _results(scenarios, runs, settings)
    found = []
    for number, scenario in enumerate(scenarios):
        own = [each for of, each in zip(runs, results, strict=True) if of == number]
        found.append(compare(scenario, own))
        if out:
            out(_line(found[-1]))
    return found


def _results(
    scenarios: Sequence[Scenario], runs: Sequence[int], settings: Settings
) -> list[dict[str, Any]]:
    with ExitStack() as stack:
        running = stack.enter_context(cloud.running(settings))
        workers: Queue[cloud.Worker] = Queue()
        for _ in range(min(AT_ONCE, len(runs))):
            workers.put(stack.enter_context(cloud.worker(running)))

        def one(run: int) -> dict[str, Any]:
            worker = workers.get()
            try:
                for attempt in range(ATTEMPTS):
                    document = scenarios[runs[run]].document(run * ATTEMPTS + attempt)
                    result = worker.run(document)
                    if result["late"] <= LATE:
                        break
            finally:
                workers.put(worker)
            return result

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(len(runs))))


def _line(found: Compared) -> str:
    words = [f"{found.scenario:48}"]
    for name, error in (("throughput", found.throughput_error), ("p95", found.p95_error)):
        values = [getattr(each, name).value for each in (found.predicted, found.measured)]
        words += [f"{name} {values[0]:6.2f} {values[1]:6.2f} {error:+5.0%} "]
    words += [found.computed, found.predicted.bottleneck, found.measured.bottleneck, *found.misses]
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
