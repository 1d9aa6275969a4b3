"""What came of the tests, and how it is shown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GREEN = "CREATE_COMPLETE"
NOT_RUN = "NOT_RUN"
FAILED = "FAILED"


@dataclass(frozen=True)
class Record:
    """What came of one component in one region.

    Attributes:
        component: The component.
        region: The region.
        status: The stack's; NOT_RUN where something that it needs is missing; FAILED where there
            was nothing to test.
        stack: Name of the stack.
        events: Why it is not green, the first cause first.
    """

    component: str
    region: str
    status: str
    stack: str = ""
    events: tuple[str, ...] = ()

    @property
    def green(self) -> bool:
        """Whether the stack is complete."""
        return self.status == GREEN


def table(records: "Mapping[tuple[str, str], Record]", regions: "Sequence[str]") -> Table:
    """Draw what came of the tests, a row for each component and a column for each region."""
    drawn = Table("Component", *regions, title="taskcat")
    for component in dict.fromkeys(component for component, _ in records):
        drawn.add_row(component, *(_cell(records.get((component, each))) for each in regions))
    return drawn


def causes(records: "Mapping[tuple[str, str], Record]") -> list[str]:
    """Return a line for each cause of a failure, with the regions in which it was one."""
    regions: dict[tuple[str, str], list[str]] = {}
    for record in records.values():
        if not record.green and record.status != NOT_RUN:
            for event in record.events or (record.status,):
                regions.setdefault((record.component, event), []).append(record.region)
    return [
        f"{component} in {', '.join(there)}: {event}"
        for (component, event), there in regions.items()
    ]


def _cell(record: Record | None) -> str:
    if record is None:
        return "-"
    if record.green:
        return "[green]green[/green]"
    return "[yellow]not run[/yellow]" if record.status == NOT_RUN else "[red]red[/red]"
