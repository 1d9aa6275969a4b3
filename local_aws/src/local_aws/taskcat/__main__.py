"""Test every component in every region: `python -m local_aws.taskcat`."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console

from local_aws import components
from local_aws.cli import INTERRUPTED
from local_aws.cloud import Cloud
from local_aws.errors import CloudError
from local_aws.progress import Progress
from local_aws.settings import Settings
from local_aws.taskcat import matrix, needs, projects
from local_aws.taskcat.run import Run


def main(arguments: Sequence[str] | None = None) -> int:
    """Start a cloud, test, show the matrix and the report, and stop the cloud.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit status: 0, 1 where something failed, 2 where the request is wrong, 130 after
            Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog="python -m local_aws.taskcat", description=__doc__)
    parser.add_argument("components", nargs="*", metavar="COMPONENT", help="with all it needs")
    parser.add_argument(
        "--region", dest="regions", action="append", choices=projects.REGIONS, help="only this one"
    )
    given = parser.parse_args(arguments)
    # The matrix is wider than the 80 columns that a file or a pipe is taken for.
    console = Console(width=None if sys.stdout.isatty() else 120)
    started = time.monotonic()
    try:
        settings = Settings.read()
        # A cloud of its own: what `make up` started goes on undisturbed.
        own = replace(settings, state=settings.state / "taskcat", port=0)
        output = settings.house / "build" / "taskcat"
        house = projects.discover(components.discover(settings.house), output / "projects")
        chosen = needs.closure(house, given.components)
        with Cloud(own, Progress(console)) as cloud:
            run = Run(cloud, chosen, given.regions or projects.REGIONS, output)
            report = run.run()
    except CloudError as error:
        console.print(str(error), markup=False, highlight=False)
        return error.exit_code
    except KeyboardInterrupt:
        console.print("Interrupted.")
        return INTERRUPTED
    return show(run, console, f"Report: {report} ({time.monotonic() - started:.0f} s)")


def show(run: Run, console: Console, ending: str) -> int:
    """Show what came of a run.

    Args:
        run: The run.
        console: Where to show it.
        ending: The last line.

    Returns:
        0 if everything is green, otherwise 1.
    """
    console.print(matrix.table(run.records, run.regions))
    for cause in matrix.causes(run.records):
        console.print(cause, markup=False, highlight=False, soft_wrap=True)
    console.print(ending, markup=False, highlight=False, soft_wrap=True)
    return 0 if all(record.green for record in run.records.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
