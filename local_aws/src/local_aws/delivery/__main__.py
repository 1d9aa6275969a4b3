"""Deliver everything to an embedded cloud of its own: `python -m local_aws.delivery`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from local_aws.cli import INTERRUPTED
from local_aws.cloud import Cloud
from local_aws.delivery.deliver import FIRST, SECOND, Delivery, explain
from local_aws.delivery.embedded import Embedded
from local_aws.delivery.git import GitError
from local_aws.delivery.matrix import differing, table
from local_aws.delivery.repos import SplitError, split
from local_aws.errors import CloudError
from local_aws.progress import Progress
from local_aws.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Split the tree, start a cloud, deliver twice, show the matrix, and stop the cloud.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit status: 0, 1 where something failed, 2 where nothing was begun, 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog="python -m local_aws.delivery", description=__doc__)
    parser.add_argument(
        "--repositories", type=Path, help="deliver these as they are, instead of splitting the tree"
    )
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    # The matrix is wider than the 80 columns that a file or a pipe is taken for.
    console = Console(width=None if sys.stdout.isatty() else 120)
    try:
        settings = Settings.read()
        repositories = given.repositories or settings.house / "build" / "repos"
        if not given.repositories:
            split(settings.house, repositories)
    except (SplitError, GitError, CloudError) as error:
        console.print(str(error), markup=False, highlight=False)
        return 2
    # A cloud of its own: what `make up` started goes on undisturbed.
    own = replace(settings, state=settings.state / "deliver", port=0)
    try:
        with Cloud(own, Progress(console)) as cloud:
            embedded = Embedded(cloud, repositories)
            delivery = Delivery(repositories, embedded.environment, console.print)
            delivery.after = embedded.finish
            return show(delivery, console)
    except CloudError as error:
        console.print(str(error), markup=False, highlight=False)
        return error.exit_code
    except KeyboardInterrupt:
        console.print("Interrupted.")
        return INTERRUPTED


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def show(delivery: Delivery, console: Console) -> int:
    """Deliver twice and show what came of it.

    Args:
        delivery: What to deliver.
        console: Where to show it.

    Returns:
        0 when everything passed and serves everywhere, otherwise 1.
    """
    failed = delivery.deliver(FIRST) or delivery.deliver(SECOND)
    matrix = delivery.matrix()
    console.print(table(matrix, "What serves"))
    if failed:
        console.print(explain(failed), markup=False, highlight=False)
        return 1
    if different := differing(matrix):
        console.print(f"Not the same package everywhere: {', '.join(different)}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
