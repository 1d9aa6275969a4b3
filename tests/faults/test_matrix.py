"""The rows of the fault matrix, each really carried out: see matrix.md."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import pytest
from local_aws.cloud import Cloud

from tests.application import Application
from tests.faults import matrix
from tests.faults.functions import Deployed, Lane, errors_of
from tests.faults.matrix import Row
from tests.faults.scenarios import INCIDENTS, SCENARIOS, Deployment, Survival
from tests.faults.vocabulary import FAULTS

ROWS = matrix.rows()
LANES = 6
# It ends with the function's time, minutes later.
LONGEST = "dripping"
# The sweep takes what waits, whosever it is: its rows come when nobody else's picture waits.
ALONE = "sweep"


@dataclass
class Run:
    """All rows, carried out."""

    survivals: dict[Row, Future[Survival]]
    application: Application
    before: frozenset[str]
    errors: int

    def rows(self) -> list[dict[str, Any]]:
        """Read the rows of the table that have come with it."""
        return [row for row in self.application.rows() if row["Id"] not in self.before]

    def pictures(self) -> list[str]:
        """Every picture that had to be labelled or fail."""
        return [
            picture
            for future in self.survivals.values()
            if not future.exception()
            for picture in future.result().pictures
        ]


@pytest.fixture(scope="module")
def quiet(cloud: Cloud) -> Iterator[None]:
    """Switch the emulator's own delivery and the schedule off: the rows deliver and sweep."""
    functions = cloud.session().client("lambda", endpoint_url=cloud.url)
    (mapping,) = functions.list_event_source_mappings()["EventSourceMappings"]
    scheduler: Any = cloud.session().client("scheduler", endpoint_url=cloud.url)
    (listed,) = scheduler.list_schedules()["Schedules"]
    found = scheduler.get_schedule(Name=listed["Name"])
    schedule = {
        name: found[name] for name in ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    }
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    scheduler.update_schedule(**schedule, State="DISABLED")
    yield
    scheduler.update_schedule(**schedule, State="ENABLED")
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@pytest.fixture(scope="module")
def chosen(request: pytest.FixtureRequest) -> list[Row]:
    """The rows whose tests are run: all, or those that pytest's -k leaves."""
    calls = [getattr(item, "callspec", None) for item in request.session.items]
    return [call.params["row"] for call in calls if call and "row" in call.params]


@pytest.fixture(scope="module")
def run(cloud: Cloud, quiet: None, chosen: list[Row]) -> Run:  # noqa: ARG001 - a fixture that is needed, not used
    deployment = Deployment(Application(cloud))
    before = frozenset(row["Id"] for row in deployment.application.rows())
    lanes: SimpleQueue[Lane] = SimpleQueue()

    def carry_out(row: Row) -> Survival:
        lane = lanes.get()
        try:
            return SCENARIOS[row.function](row, lane, deployment)
        finally:
            lanes.put(lane)

    with ExitStack() as stack:
        names = [f"lane-{number}" for number in range(LANES)]
        deployed = Deployed(cloud)
        for name in names:
            lanes.put(stack.enter_context(Lane(deployed, name)))
        survivals: dict[Row, Future[Survival]] = {}
        for together in (True, False):
            with ThreadPoolExecutor(LANES if together else 1) as pool:
                survivals |= {
                    row: pool.submit(carry_out, row)
                    for row in sorted(chosen, key=lambda row: row.fault != LONGEST)
                    if (row.function != ALONE) is together
                }
        # A write that was reported as lost to a function may have happened anyway, and late.
        deployment.deliver([row["Id"] for row in deployment.application.rows()])
        return Run(survivals, deployment.application, before, errors_of(cloud, "lane-"))


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_fault_is_survived(row: Row, run: Run, counts: Counter[str]) -> None:
    counts["fault matrix: faults tried"] += 1
    survival = run.survivals[row].result()
    counts["fault matrix: requests that were hit"] += survival.injected

    assert survival.injected >= 1, "the fault hit nothing"
    assert survival.outcome == row.outcome
    assert not survival.uncounted
    counts["fault matrix: faults survived as the matrix says"] += 1


def test_every_picture_comes_to_one_end(run: Run) -> None:
    ended = run.application.times_ended()

    assert {picture: ended[picture] for picture in run.pictures() if ended[picture] > 1} == {}
    waiting = [row["Id"] for row in run.rows() if row["Status"] == "NOT_CLASSIFIED"]
    assert not waiting


def test_a_row_says_what_its_end_was_and_waits_no_longer(run: Run) -> None:
    rows = run.rows()

    for row in rows:
        assert row["Labels"] if row["Status"] == "CLASSIFIED" else row["FailureReason"]
        assert "PendingSince" not in row
    assert Counter(row["Status"] for row in rows)["CLASSIFIED"] > len(run.survivals)


def test_no_row_is_without_its_object(run: Run) -> None:
    deleted = [
        picture
        for row, future in run.survivals.items()
        if row.fault == "object deleted"
        for picture in future.result().pictures
    ]

    missing = {row["Id"] for row in run.rows()} - run.application.pictures()

    assert missing <= set(deleted)


def test_lambda_counts_the_crashes(run: Run) -> None:
    crashes = sum(future.result().crashes for future in run.survivals.values())

    assert crashes
    assert run.errors == crashes


def test_the_matrix_says_how_every_fault_is_injected() -> None:
    described = set(matrix.descriptions())

    assert described == FAULTS.keys() | set(INCIDENTS)
    assert {row.fault for row in ROWS} <= described


def test_no_row_is_there_twice() -> None:
    assert len(ROWS) == len({str(row) for row in ROWS})
