"""Components by environments: what serves where, and what the system tests said."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.table import Table

from local_aws.project.places import PLACES, Place

_SHORT = 7  # characters of a commit or digest that tell two apart
_WORDS = {
    "CREATE_COMPLETE": "created",
    "UPDATE_COMPLETE": "updated",
    "UPDATE_ROLLBACK_COMPLETE": "rolled back",
}


@dataclass(frozen=True)
class Cell:
    """One component in one environment.

    Attributes:
        version: The commit that serves.
        digest: The SHA-256 of what was deployed.
        status: CloudFormation's, or `failed` where the step did before the stack was changed.
        system_tests: What they said, or nothing where the component runs none.
    """

    version: str = ""
    digest: str = ""
    status: str = ""
    system_tests: str = ""

    @property
    def text(self) -> str:
        """The cell's lines, a dash for what there is not."""
        status = _WORDS.get(self.status, self.status)
        lines = (self.version[:_SHORT], self.digest[:_SHORT], status, self.system_tests)
        return "\n".join(line or "-" for line in lines)


Matrix = Mapping[str, Mapping[Place, Cell]]


def table(matrix: Matrix, title: str) -> Table:
    """Draw the matrix.

    Args:
        matrix: The cells, by component and place.
        title: What it shows.

    Returns:
        A table of five lines a component: its name: version, digest, status and system tests.
    """
    drawn = Table(title=title, show_lines=True)
    drawn.add_column("Component", no_wrap=True)
    for place in PLACES:
        drawn.add_column(place.deployment.replace(" ", "\n"), no_wrap=True)
    for component, cells in matrix.items():
        legend = f"{component}\n  version\n  digest\n  status\n  system tests"
        texts = (f"\n{cells.get(place, Cell()).text}" for place in PLACES)
        drawn.add_row(legend, *texts)
    return drawn


def differing(matrix: Matrix) -> list[str]:
    """Find the components that do not serve one and the same package everywhere.

    Args:
        matrix: The cells, by component and place.

    Returns:
        Their names.
    """
    return [
        name
        for name, cells in matrix.items()
        if len({(cell.version, cell.digest) for cell in cells.values()}) > 1
    ]
