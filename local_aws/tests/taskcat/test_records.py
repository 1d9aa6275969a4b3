"""What is shown of a run."""

from rich.console import Console

from local_aws.taskcat.records import FAILED, GREEN, NOT_RUN, Record, causes, table

REGIONS = ("us-west-1", "us-east-2")


def by_place(*records: Record) -> dict[tuple[str, str], Record]:
    return {(record.component, record.region): record for record in records}


def drawn(*records: Record) -> list[list[str]]:
    """The words of each row that names a component."""
    console = Console(width=100, color_system=None)
    with console.capture() as capture:
        console.print(table(by_place(*records), REGIONS))
    rows = [line.split("│")[1:-1] for line in capture.get().splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in row] for row in rows]


def test_a_cell_says_what_came_of_a_component_in_a_region() -> None:
    rows = drawn(
        Record("store", "us-west-1", GREEN),
        Record("store", "us-east-2", "CREATE_FAILED"),
        Record("reader", "us-west-1", FAILED),
        Record("reader", "us-east-2", NOT_RUN),
    )

    assert rows == [["store", "green", "red"], ["reader", "red", "not run"]]


def test_a_region_that_was_not_tested_is_a_dash() -> None:
    assert drawn(Record("store", "us-east-2", GREEN)) == [["store", "-", "green"]]


def test_a_rolled_back_stack_is_not_green() -> None:
    assert drawn(Record("store", "us-west-1", "ROLLBACK_COMPLETE"))[0][1] == "red"


def test_a_cause_is_reported_once_with_its_regions() -> None:
    event = "Table (AWS::DynamoDB::Table): it exists"
    records = by_place(
        *(Record("store", region, "CREATE_FAILED", events=(event,)) for region in REGIONS)
    )

    assert causes(records) == [f"store in us-west-1, us-east-2: {event}"]


def test_a_failure_without_an_event_is_reported_by_its_status() -> None:
    records = by_place(Record("store", "us-west-1", "DELETE_FAILED"))

    assert causes(records) == ["store in us-west-1: DELETE_FAILED"]


def test_what_was_not_run_has_its_cause_elsewhere() -> None:
    assert causes(by_place(Record("reader", "us-west-1", NOT_RUN, events=("no store",)))) == []
