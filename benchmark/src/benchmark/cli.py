"""The command line: what `make benchmark` runs."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from benchmark import checkout, options, publish, report
from benchmark.errors import BenchmarkError
from benchmark.run import Run, measure, of_deployed, of_project

PROJECT = Path(__file__).resolve().parents[3]
INTERRUPTED = 130
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str]) -> int:
    """Measure, and show and keep the results.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit code: 0, 1 where something failed, 2 where an option is wrong, 130 after Ctrl-C.
    """
    for sign in INTERRUPTIONS:
        signal.signal(sign, _interrupt)
    console, errors = Console(), Console(stderr=True)
    if console.width < report.NARROWEST:
        console = Console(width=report.NARROWEST)
    try:
        _run(_parser().parse_args(arguments), console)
    except BenchmarkError as error:
        errors.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        errors.print("Interrupted; what was started is stopped.", style="red")
        return INTERRUPTED
    return 0


def _run(chosen: argparse.Namespace, console: Console) -> None:
    given = options.read(os.environ, smallest=chosen.smallest)
    if given.publish:
        checkout.require_committed(PROJECT)
    directory = chosen.directory
    directory.mkdir(parents=True, exist_ok=True)
    run = Run(given, console)
    if chosen.deployed:
        status = json.loads(chosen.deployed.read_text())
        results = measure(run, of_deployed(PROJECT, status))
    else:
        results = measure(run, of_project(run, PROJECT, directory))
    report.show(results, console)
    publish.write(results, directory)
    console.print(f"{directory / publish.RESULTS}, plots next to it", highlight=False)
    if given.publish:
        publish.write(results, PROJECT / publish.DOCUMENTATION)
        console.print(f"{publish.DOCUMENTATION} has these figures now: read and commit them.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmark", description=__doc__)
    parser.add_argument(
        "--directory",
        type=Path,
        default=PROJECT / "build/benchmark",
        help="where results and copies of the project are kept; default: build/benchmark",
    )
    parser.add_argument(
        "--deployed",
        type=Path,
        metavar="FILE",
        help="measure what is deployed already: a file with what `make status JSON=yes` prints",
    )
    parser.add_argument(
        "--smallest", action="store_true", help="measure as little as possible: whether it works"
    )
    return parser


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    """Let everything be stopped in order; a second signal does not end that half-way."""
    for sign in INTERRUPTIONS:
        signal.signal(sign, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
