"""Components by regions: green, red, or not run."""

from typing import TYPE_CHECKING

from rich.table import Table

from local_aws.taskcat.records import NOT_RUN, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def table(records: "Mapping[tuple[str, str], Record]", regions: "Sequence[str]") -> Table:
    """Draw the matrix.

    Args:
        records: What came of the tests, by component and region.
        regions: The columns.
    """
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
