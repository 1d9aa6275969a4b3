"""Deliver the application as Bitbucket would: every repository's own pipeline, one after the other.

The first delivery runs each pipeline `first-deploy`, which leaves the system tests out because the
system is not whole yet. The second runs what a push to `main` runs, system tests included.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from local_aws.delivery.git import git
from local_aws.delivery.matrix import Cell
from local_aws.delivery.places import COMPONENTS, PLACES, Place
from local_aws.delivery.runner import Run, run
from local_aws.delivery.stacks import Deployed, deployed, stack_name

Environment = Mapping[str, str]
AskStack = Callable[[str, str, Environment], Deployed | None]


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
        repositories: The directory that holds one repository a component.
        environment_of: Gives the environment in which a component's pipeline runs.
        say: Where progress is told, a line at a time.
        components: What to deliver, in order.
        ask: Asks the cloud for a stack.
        after: Is called with each component whose pipeline has passed.
        runs: The last run of each component.
    """

    repositories: Path
    environment_of: Callable[[str], Environment]
    say: Callable[[str], object]
    components: Sequence[str] = COMPONENTS
    ask: AskStack = deployed
    after: Callable[[str], object] = lambda _: None
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
            self.after(component)
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
        with _scratch(self.environment_of(component)) as environment:
            switched = environment | {
                "SYSTEM_TESTS": delivery.system_tests,
                "SYSTEM_TESTS_REPOSITORY": (self.repositories / "system_tests").resolve().as_uri(),
            }
            commit = git(repository, "rev-parse", "HEAD")
            return run(repository, delivery.target, commit, switched, log)

    def _cell(self, component: str, place: Place) -> Cell:
        stack = stack_name(self.repositories / component)
        found = self.ask(stack, place.region, self.environment_of(component)) if stack else None
        cell = Cell(found.version, found.digest, found.status) if found else Cell()
        ran = self.runs.get(component)
        if not ran:
            return cell
        if place.deployment not in ran.failed:
            return replace(cell, system_tests=ran.system_tests.get(place.region, ""))
        # Where the stack is at this commit already, what failed came after its deployment.
        if not stack or cell.version == ran.commit:
            return replace(cell, system_tests="failed")
        return replace(cell, status="failed")


def explain(failed: Run) -> str:
    """Say what stopped a delivery.

    Args:
        failed: The run that failed.

    Returns:
        The component, the steps, and the end of the log.
    """
    steps = ", ".join(failed.failed) or "its start"
    return f"{failed.component} stopped at {steps}. Its log ends:\n\n{failed.tail}\n"


@contextmanager
def _scratch(environment: Environment) -> Iterator[dict[str, str]]:
    """Give a pipeline a directory for its temporary files, and clear it away afterwards."""
    with TemporaryDirectory(prefix="pipeline-") as directory:
        yield {**environment, "TMPDIR": directory}
