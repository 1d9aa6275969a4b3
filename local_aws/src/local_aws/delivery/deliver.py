"""Deliver the application as Bitbucket would: every repository's own pipeline, one after the other.

The first delivery runs each pipeline `first-deploy`, which leaves the system tests out because the
system is not complete yet. The second runs what a push to `main` runs, system tests included.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from local_aws.cloud import Cloud
from local_aws.delivery.cloud import PipelineCloud
from local_aws.delivery.git import git
from local_aws.delivery.matrix import Cell, differing, table
from local_aws.delivery.repos import split
from local_aws.delivery.runner import Run, run
from local_aws.deploying import stacks
from local_aws.project import components, order
from local_aws.project.facts import Facts
from local_aws.project.places import PLACES, SUITE, Place

if TYPE_CHECKING:
    import argparse

    from rich.console import Console


class Pass(NamedTuple):
    """One delivery of everything.

    Attributes:
        name: What to call it.
        target: The pipeline that every repository runs.
        system_tests: The value of the switch.
    """

    name: str
    target: str
    system_tests: str


FIRST = Pass("First delivery", "custom.first-deploy", "off")
SECOND = Pass("Second delivery", "branches.main", "on")


@dataclass
class Delivery:
    """Runs pipelines and remembers what came of them.

    Attributes:
        repositories: The directory that holds one repository for each component.
        receiver: What the pipelines deploy to.
        say: Takes progress, a line at a time.
        components: What to deliver, in order.
        runs: The last run of each component.
    """

    repositories: Path
    receiver: PipelineCloud
    say: Callable[[str], object]
    components: Sequence[str]
    runs: dict[str, Run] = field(default_factory=dict)

    def deliver(self, delivery: Pass) -> Run | None:
        """Run every component's pipeline, and stop at the first that fails.

        Args:
            delivery: Which pipelines to run.

        Returns:
            The run that failed, or None.
        """
        self.say(f"{delivery.name}: {delivery.target}, system tests {delivery.system_tests}")
        for component in self.components:
            ran = self._run(component, delivery)
            self.runs[component] = ran
            self.say(
                f"  {component:<20} {'passed' if ran.passed else 'failed'}  {ran.seconds:.0f} s"
            )
            if not ran.passed:
                return ran
        return None

    def matrix(self) -> dict[str, dict[Place, Cell]]:
        """Ask the cloud what it serves.

        Returns:
            A cell for every component and place.
        """
        return {
            name: {place: self._cell(name, place) for place in PLACES} for name in self.components
        }

    def _run(self, component: str, delivery: Pass) -> Run:
        repository = self.repositories / component
        log = self.repositories.parent / "deliver" / f"{component}-{delivery.target}.log"
        commit = git(repository, "rev-parse", "HEAD")
        with TemporaryDirectory(prefix="pipeline-") as scratch:
            environment = {
                **self.receiver.variables(component),
                "SYSTEM_TESTS": delivery.system_tests,
                "SYSTEM_TESTS_REPOSITORY": (self.repositories / SUITE).resolve().as_uri(),
                "TMPDIR": scratch,
            }
            return run(repository, delivery.target, commit, environment, log)

    def _cell(self, component: str, place: Place) -> Cell:
        found = self.receiver.stack(component, place.region)
        tags = stacks.tags(found) if found else {}
        status = found["StackStatus"] if found else ""
        cell = Cell(tags.get("version", ""), tags.get("digest", ""), status)
        ran = self.runs.get(component)
        if not ran:
            return cell
        if place.deployment not in ran.failed:
            return replace(cell, system_tests=ran.system_tests.get(place.region, ""))
        # Where the stack is at this commit already, what failed came after its deployment.
        if component == SUITE or cell.version == ran.commit:
            return replace(cell, system_tests="failed")
        return replace(cell, status="failed")


def deliver(cloud: Cloud, console: "Console", chosen: "argparse.Namespace") -> int:
    """Split the tree, start a cloud, deliver twice, show the matrix, and stop the cloud.

    Args:
        cloud: The embedded cloud, which goes on undisturbed: the delivery has one of its own.
        console: Where to show it.
        chosen: The command line: `repositories`.

    Returns:
        0, or 1 where something failed.
    """
    settings = cloud.settings
    repositories = chosen.repositories or settings.root / "build" / "repos"
    if not chosen.repositories:
        split(settings.root, repositories)
    names = order.delivery(
        Facts.read(settings.root), components.discover(settings.root), settings.environment
    )
    own = replace(settings, state=settings.state / "deliver", port=0)
    with Cloud(own, cloud.progress) as running:
        receiver = PipelineCloud(running, repositories)
        return show(Delivery(repositories, receiver, console.print, names), console)


def show(delivery: Delivery, console: "Console") -> int:
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


def explain(failed: Run) -> str:
    """Say what stopped a delivery.

    Args:
        failed: The run that failed.

    Returns:
        The component, the steps, and the end of the log.
    """
    steps = ", ".join(failed.failed) or "its start"
    return f"{failed.component} stopped at {steps}. Its log ends:\n\n{failed.tail}\n"
