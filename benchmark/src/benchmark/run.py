"""Runs the rounds: every part of every application by turns, so that a load concerns them all."""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmark import checkout, figures, machine, parts
from benchmark.application import Application
from benchmark.checkout import NOW, Checkout
from benchmark.options import Options
from benchmark.parts.part import Measure, Samples

DEPLOYMENT = "deployment"


class Run:
    """A run: what was chosen, and what is shown while it lasts.

    Args:
        options: What was chosen.
        console: Where progress is shown.
    """

    def __init__(self, options: Options, console: Console) -> None:
        self.options = options
        self.began = time.monotonic()
        self.rounds_began = 0.0
        self.once: dict[str, Samples] = {}
        self._console = console

    @property
    def minutes(self) -> float:
        """Minutes since it began."""
        return (time.monotonic() - self.began) / 60

    def say(self, text: str) -> None:
        """Show a line, with the time since the beginning."""
        seconds = int(60 * self.minutes)
        self._console.print(
            f"{seconds // 60}:{seconds % 60:02}  {text}", highlight=False, markup=False
        )


@contextmanager
def of_deployed(root: Path, status: Mapping[str, Any]) -> Iterator[list[Application]]:
    """Measure what is deployed already, and leave it running.

    Args:
        root: The project's directory from which it was deployed.
        status: What `make status JSON=yes` says of it.
    """
    yield [Application(NOW, root, status, checkout.version(root))]


@contextmanager
def of_project(run: Run, project: Path, directory: Path) -> Iterator[list[Application]]:
    """Start embedded clouds with the project's working tree and with the commits before.

    Args:
        run: The run.
        project: The project's directory.
        directory: Where the copies are kept from one run to the next.
    """
    options = run.options
    commits = {name: checkout.resolve(project, name) for name in options.before}
    commits = {NOW: checkout.version(project)} | commits
    with ExitStack() as stack:
        applications = []
        for name, commit in commits.items():
            copy = directory / ("tree" if name == NOW else f"before-{name.replace('/', '_')}")
            fresh = DEPLOYMENT in options.only
            each = Checkout(name, copy, commit if name == NOW else name, options.model)
            stack.callback(each.stop)
            # What an earlier run left when it was killed.
            each.stop()
            if fresh:
                checkout.remove(copy)
            run.say(f"{name}: copying the project, starting its cloud, deploying")
            if name == NOW:
                checkout.of_working_tree(project, copy)
            else:
                checkout.of_commit(project, commit, copy)
            if fresh:
                run.once[name] = each.demonstrate()
            applications.append(each.start())
        yield applications


def measure(run: Run, started: AbstractContextManager[list[Application]]) -> dict[str, Any]:
    """Measure every part of every application, round by round.

    Args:
        run: The run.
        started: The applications, once they are started.

    Returns:
        The results, as results.json has them.
    """
    described = machine.describe()
    options = run.options
    with started as applications, ExitStack() as stack:
        commits = {each.name: each.version for each in applications}
        opened = [
            (part, [(each.name, _open(run, stack, part, each)) for each in applications])
            for part in options.only
            if part in parts.BY_NAME
        ]
        rounds: list[dict[str, Samples]] = []
        while len(rounds) < options.rounds and not _is_late(run, len(rounds)):
            rounds.append(_round(run, opened, len(rounds)))
        described["versions"] |= machine.versions(applications[0].server()[0])
    return {
        "machine": described,
        "sizes": asdict(options.sizes),
        "minutes": round(run.minutes, 1),
        "commits": commits,
        "rounds": rounds,
        "once": run.once,
        "figures": figures.derive(rounds, run.once),
    }


def _open(run: Run, stack: ExitStack, part: str, application: Application) -> Measure:
    run.say(f"{application.name}: getting ready for {part}")
    return stack.enter_context(parts.BY_NAME[part](application, run.options.sizes))


def _is_late(run: Run, rounds: int) -> bool:
    """Tell whether another round would probably end too late; there is always a first one."""
    if rounds == 0:
        run.rounds_began = run.minutes
        return False
    each = (run.minutes - run.rounds_began) / rounds
    if run.minutes + each <= run.options.minutes:
        return False
    run.say(f"no further round: another would end after MINUTES={run.options.minutes:g}")
    return True


def _round(
    run: Run, opened: list[tuple[str, list[tuple[str, Measure]]]], number: int
) -> dict[str, Samples]:
    found: dict[str, Samples] = {}
    for part, measures in opened:
        # Each is the first by turns.
        first = number % len(measures)
        for name, measure_part in measures[first:] + measures[:first]:
            run.say(f"round {number + 1} of {run.options.rounds}: {part}, {name}")
            found.setdefault(name, {}).update(measure_part())
    return found
