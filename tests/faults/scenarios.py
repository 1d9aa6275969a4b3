"""What each function is put through: its work under a fault, and what has to come right then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import uuid4

from local_aws.labelling import lend

from tests.application import PHOTOGRAPHS, Application
from tests.faults.delivery import Delivery, deployed_mapping, waiting_records
from tests.faults.functions import DEPLOYED, Function, Lane, lambda_client
from tests.faults.matrix import Occurrences, Row
from tests.faults.vocabulary import FAULTS, during
from tests.faults.wire import Fault

PICTURES = 3
NO_WIRE = "the stream"
NO_ANSWER = "no answer"
TOLD = {
    503: "told to try again",
    500: "told of an internal error",
}
# The incidents that a scenario stages itself; a label's stream has no wire to break.
INCIDENTS = (
    "row deleted",
    "object deleted",
    "labelled by another",
    "delivered twice",
    "out of order",
)


@dataclass
class Survival:
    """What came of a row.

    Attributes:
        outcome: In the words of matrix.md.
        injected: How many requests were hit.
        pictures: Those that had to come to an end.
        crashes: How often a function ended without returning, for Lambda to count.
        uncounted: Failures that no metric tells of.
    """

    outcome: str
    injected: int
    pictures: list[str] = field(default_factory=list)
    crashes: int = 0
    uncounted: list[str] = field(default_factory=list)


class Bench:
    """The deployed application, whose functions work, beside those that are put to the test."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._url = lend(application.cloud, PHOTOGRAPHS[0])
        self._mapping = deployed_mapping(application)
        client = lambda_client(application.cloud)
        self.functions = {
            title: Function(client, application.outputs[stack][key])
            for title, (stack, key) in DEPLOYED.items()
        }

    def lend(self) -> str:
        """Return a URL of a photograph that nobody submitted before."""
        return f"{self._url}&submission={uuid4()}"

    def delivery(self) -> Delivery:
        """Return a delivery by the settings that are deployed."""
        return Delivery(replace(self._mapping))

    def submit(self) -> str:
        """Submit a picture and return its id."""
        return str(self.functions["submit"].invoke({"url": self.lend()}).result["ImageId"])

    def deliver(self, pictures: Sequence[str]) -> None:
        """Deliver the records of pictures to the function that works."""
        records = waiting_records(self.application, pictures)
        self.delivery().deliver(records, self.functions["label"])

    def statuses(self, pictures: Sequence[str]) -> list[str]:
        """Read what the rows say; nothing for a row that is gone."""
        found = (self.application.row(picture).get("Status") for picture in pictures)
        return [str(status) for status in found if status]


def submit(row: Row, lane: Lane, bench: Bench) -> Survival:
    """Submit a picture; whatever is in the table afterwards must be whole and get its labels."""
    url = bench.lend()
    plan = Occurrences(row, FAULTS[row.fault])
    function = lane.functions["submit"]
    function.counted.clear()
    with lane.wire(row.operation).broken(plan):
        invocation = function.invoke({"url": url})
    outcome = _told(invocation.result, invocation.crashed, accepted="accepted")

    pictures = [str(found["Id"]) for found in bench.application.rows() if found["SourceUrl"] == url]
    if outcome == "accepted":
        assert pictures == [invocation.result["ImageId"]]
    pictures.append(bench.submit())
    bench.deliver(pictures)
    uncounted = function.uncounted({"SubmissionsFailed": int(outcome in TOLD.values())})
    return Survival(outcome, plan.injected, pictures, int(invocation.crashed), uncounted)


def label(row: Row, lane: Lane, bench: Bench) -> Survival:
    """Deliver new pictures; then mend what was broken, sweep, and deliver what that brings back."""
    pictures = [bench.submit() for _ in range(PICTURES)]
    records = waiting_records(bench.application, pictures)
    delivery = bench.delivery()
    lane.functions["label"].counted.clear()
    injected = 1
    if row.operation == NO_WIRE:
        delivery.deliver(_disorder(row.fault, records), lane.functions["label"])
    else:
        plan = Occurrences(row, _incident(row.fault, pictures, bench))
        with lane.wire(row.operation).broken(plan):
            delivery.deliver(records, lane.functions["label"])
        injected = plan.injected
    swept = "NOT_CLASSIFIED" in bench.statuses(pictures)
    if swept:
        bench.functions["sweep"].invoke({"olderThanSeconds": 0})
        bench.deliver(pictures)
    statuses = bench.statuses(pictures)
    uncounted = lane.functions["label"].uncounted(
        {"ImagesRetried": delivery.given_back, "ImagesFailed": statuses.count("FAILED")}
    )
    outcome = _labelled(statuses, delivery, swept=swept)
    return Survival(outcome, injected, pictures, delivery.crashes, uncounted)


def sweep(row: Row, lane: Lane, bench: Bench) -> Survival:
    """Sweep up a picture that waits, and once more without the fault; then deliver it."""
    picture = bench.submit()
    plan = Occurrences(row, _incident(row.fault, [picture], bench))
    with lane.wire(row.operation).broken(plan):
        first = lane.functions["sweep"].invoke({"olderThanSeconds": 0})
    if not first.crashed:
        outcome = "swept at once"
    else:
        second = lane.functions["sweep"].invoke({"olderThanSeconds": 0})
        outcome = "not swept" if second.crashed else "swept by the next run"
    found = bench.application.row(picture)
    if not found:
        outcome = "left deleted"
    elif found["Attempts"] < 1:
        outcome = "not swept"
    bench.deliver([picture])
    return Survival(outcome, plan.injected, [picture], int(first.crashed))


def look_up(row: Row, lane: Lane, bench: Bench) -> Survival:
    """Look a picture up, and once more without the fault."""
    picture = bench.submit()
    plan = Occurrences(row, FAULTS[row.fault])
    function = lane.functions["look up"]
    function.counted.clear()
    with lane.wire(row.operation).broken(plan):
        first = function.invoke({"imageId": picture})
    second = function.invoke({"imageId": picture})
    assert second.result["ImageId"] == picture
    bench.deliver([picture])
    outcome = _told(first.result, first.crashed, accepted="answered")
    uncounted = function.uncounted({"LookUpsFailed": int(outcome in TOLD.values())})
    return Survival(outcome, plan.injected, [picture], int(first.crashed), uncounted)


SCENARIOS: dict[str, Callable[[Row, Lane, Bench], Survival]] = {
    "submit": submit,
    "label": label,
    "sweep": sweep,
    "look up": look_up,
}


def _told(result: Any, crashed: bool, *, accepted: str) -> str:  # noqa: FBT001 - what an invocation is
    if crashed:
        return NO_ANSWER
    return TOLD[result["status"]] if "status" in result else accepted


def _labelled(statuses: list[str], delivery: Delivery, *, swept: bool) -> str:
    if not statuses:
        return "left deleted"
    if "FAILED" in statuses:
        return "failed with a reason"
    if set(statuses) != {"CLASSIFIED"}:
        return "not labelled"
    if swept:
        return "labelled by the sweep"
    if delivery.crashes:
        return "labelled after a crash"
    return "labelled when delivered again" if delivery.given_back else "labelled at once"


def _disorder(fault: str, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return {"delivered twice": records + records, "out of order": records[::-1]}[fault]


def _incident(fault: str, pictures: Sequence[str], bench: Bench) -> Fault:
    if fault in FAULTS:
        return FAULTS[fault]
    application = bench.application

    def for_each(act: Callable[[str], None]) -> None:
        for picture in pictures:
            act(picture)

    return during(
        {
            "row deleted": partial(for_each, application.delete_row),
            "object deleted": partial(for_each, application.delete_object),
            "labelled by another": partial(bench.deliver, pictures),
        }[fault]
    )
