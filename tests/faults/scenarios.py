"""What each function is put through: its work under a fault, and what has to come right then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import uuid4

from tests.application import NO_CONTENT, PHOTOGRAPHS, Application, upload, withdrawal
from tests.faults.delivery import Delivery, deployed_mapping, waiting_records
from tests.faults.functions import DEPLOYED, Function, Lane, lambda_client
from tests.faults.matrix import Occurrences, Row
from tests.faults.vocabulary import FAULTS, during
from tests.faults.wire import Fault

PICTURES = 3
NO_WIRE = "the stream"
NO_ANSWER = "no answer"
REFUSALS = {
    503: "asked to retry",
    500: "internal error reported",
}
# The incidents that a scenario stages itself; a label's stream has no wire to break.
LAST_ATTEMPT = "last attempt refused"
INCIDENTS = (
    LAST_ATTEMPT,
    "row deleted",
    "object deleted",
    "withdrawn",
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
        pictures: Those that had to be labelled or fail.
        crashes: How often a function ended without returning, for Lambda to count.
        uncounted: Failures that no metric counts.
    """

    outcome: str
    injected: int
    pictures: list[str] = field(default_factory=list)
    crashes: int = 0
    uncounted: list[str] = field(default_factory=list)


class Deployment:
    """The deployed application, with separate copies of its functions under test."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._url = upload(application.cloud, PHOTOGRAPHS[0])
        self._mapping = deployed_mapping(application)
        client = lambda_client(application.cloud)
        self.functions = {
            title: Function(client, application.outputs[stack][key])
            for title, (stack, key) in DEPLOYED.items()
        }

    def new_url(self) -> str:
        """Return a URL of a photograph that nobody submitted before."""
        return f"{self._url}&submission={uuid4()}"

    def delivery(self) -> Delivery:
        """Return a delivery by the settings that are deployed."""
        return Delivery(replace(self._mapping))

    def submit(self) -> str:
        """Submit a picture and return its id."""
        return str(self.functions["submit"].invoke({"url": self.new_url()}).result["ImageId"])

    def upload(self) -> str:
        """Upload a photograph and return the id to submit it with."""
        return self.application.add_upload(PHOTOGRAPHS[0].read_bytes())

    def withdraw(self, picture: str) -> None:
        """Withdraw a picture; nothing of it may be left."""
        answer = self.functions["submit"].invoke(withdrawal(picture)).result
        assert answer["statusCode"] == NO_CONTENT
        assert not self.application.row(picture)
        assert not {picture, f"uploads/{picture}"} & self.application.pictures()

    def deliver(self, pictures: Sequence[str]) -> None:
        """Deliver the records of pictures to the function that works."""
        records = waiting_records(self.application, pictures)
        self.delivery().deliver(records, self.functions["label"])

    def statuses(self, pictures: Sequence[str]) -> list[str]:
        """Read what the rows say; nothing for a row that is gone."""
        found = (self.application.row(picture).get("Status") for picture in pictures)
        return [str(status) for status in found if status]


def submit(row: Row, lane: Lane, deployment: Deployment) -> Survival:
    """Submit a picture; whatever is in the table afterwards must be whole and get its labels."""
    url = deployment.new_url()
    plan = Occurrences(row, FAULTS[row.fault])
    function = lane.functions["submit"]
    function.counted.clear()
    with lane.wire(row.operation).broken(plan):
        invocation = function.invoke({"url": url})
    outcome = _outcome(invocation.result, invocation.crashed, accepted="accepted")

    pictures = [
        str(found["Id"]) for found in deployment.application.rows() if found.get("SourceUrl") == url
    ]
    if outcome == "accepted":
        assert pictures == [invocation.result["ImageId"]]
    pictures.append(deployment.submit())
    deployment.deliver(pictures)
    uncounted = function.uncounted({"SubmissionsFailed": int(outcome in REFUSALS.values())})
    return Survival(outcome, plan.injected, pictures, int(invocation.crashed), uncounted)


def submit_upload(row: Row, lane: Lane, deployment: Deployment) -> Survival:
    """Submit an upload, and once more without the fault: it is one picture, and gets its labels."""
    upload = deployment.upload()
    plan = Occurrences(row, FAULTS[row.fault])
    function = lane.functions["submit"]
    function.counted.clear()
    with lane.wire(row.operation).broken(plan):
        first = function.invoke({"uploadId": upload})
    outcome = _outcome(first.result, first.crashed, accepted="accepted")
    uncounted = function.uncounted({"SubmissionsFailed": int(outcome in REFUSALS.values())})
    second = deployment.functions["submit"].invoke({"uploadId": upload})
    assert second.result["ImageId"] == upload
    deployment.deliver([upload])
    return Survival(outcome, plan.injected, [upload], int(first.crashed), uncounted)


def withdraw(row: Row, lane: Lane, deployment: Deployment) -> Survival:
    """Withdraw a picture, and once more without the fault; nothing of it may be left then."""
    picture = deployment.submit()
    plan = Occurrences(row, FAULTS[row.fault])
    function = lane.functions["submit"]
    function.counted.clear()
    with lane.wire(row.operation).broken(plan):
        first = function.invoke(withdrawal(picture))
    answers = {NO_CONTENT: "withdrawn", **REFUSALS}
    outcome = NO_ANSWER if first.crashed else answers[first.result["statusCode"]]
    uncounted = function.uncounted({"WithdrawalsFailed": int(outcome in REFUSALS.values())})
    deployment.withdraw(picture)
    return Survival(outcome, plan.injected, [], int(first.crashed), uncounted)


def label(row: Row, lane: Lane, deployment: Deployment) -> Survival:
    """Deliver new pictures; then repair what was broken, sweep, and deliver what was swept."""
    pictures = [deployment.submit() for _ in range(PICTURES)]
    # Another lane's sweep may touch them at once, and what the sweep has sent is tried only once.
    records = waiting_records(deployment.application, pictures, "INSERT")
    delivery = deployment.delivery()
    lane.functions["label"].counted.clear()
    injected = 1
    if row.operation == NO_WIRE:
        delivery.deliver(_disorder(row.fault, records), lane.functions["label"])
    else:
        plan = Occurrences(row, _incident(row.fault, pictures, deployment))
        with lane.wire(row.operation).broken(plan):
            delivery.deliver(records, lane.functions["label"])
        injected = plan.injected
    swept = "NOT_CLASSIFIED" in deployment.statuses(pictures)
    if swept:
        deployment.functions["sweep"].invoke({"olderThanSeconds": 0})
        deployment.deliver(pictures)
    statuses = deployment.statuses(pictures)
    if row.fault == "withdrawn":
        assert not {*pictures} & deployment.application.pictures()
    given_up = row.fault == LAST_ATTEMPT
    uncounted = lane.functions["label"].uncounted(
        {
            "ImagesRetried": delivery.given_back,
            "ImagesFailed": 0 if given_up else statuses.count("FAILED"),
            "ImagesAbandoned": statuses.count("FAILED") if given_up else 0,
        }
    )
    outcome = _labelled(statuses, delivery, swept=swept)
    return Survival(outcome, injected, pictures, delivery.crashes, uncounted)


def sweep(row: Row, lane: Lane, deployment: Deployment) -> Survival:
    """Sweep up a picture that waits, and once more without the fault; then deliver it."""
    picture = deployment.submit()
    plan = Occurrences(row, _incident(row.fault, [picture], deployment))
    with lane.wire(row.operation).broken(plan):
        first = lane.functions["sweep"].invoke({"olderThanSeconds": 0})
    if not first.crashed:
        outcome = "swept at once"
    else:
        second = lane.functions["sweep"].invoke({"olderThanSeconds": 0})
        outcome = "not swept" if second.crashed else "swept by the next run"
    found = deployment.application.row(picture)
    if not found:
        outcome = "left deleted"
    elif "SweptSince" not in found:
        outcome = "not swept"
    deployment.deliver([picture])
    return Survival(outcome, plan.injected, [picture], int(first.crashed))


def look_up(row: Row, lane: Lane, deployment: Deployment) -> Survival:
    """Look a picture up, and once more without the fault."""
    picture = deployment.submit()
    plan = Occurrences(row, FAULTS[row.fault])
    function = lane.functions["look up"]
    function.counted.clear()
    with lane.wire(row.operation).broken(plan):
        first = function.invoke({"imageId": picture})
    second = function.invoke({"imageId": picture})
    assert second.result["ImageId"] == picture
    deployment.deliver([picture])
    outcome = _outcome(first.result, first.crashed, accepted="answered")
    uncounted = function.uncounted({"LookUpsFailed": int(outcome in REFUSALS.values())})
    return Survival(outcome, plan.injected, [picture], int(first.crashed), uncounted)


SCENARIOS: dict[str, Callable[[Row, Lane, Deployment], Survival]] = {
    "submit": submit,
    "submit upload": submit_upload,
    "withdraw": withdraw,
    "label": label,
    "sweep": sweep,
    "look up": look_up,
}


def _outcome(result: Any, crashed: bool, *, accepted: str) -> str:  # noqa: FBT001 - what an invocation is
    if crashed:
        return NO_ANSWER
    return REFUSALS[result["status"]] if "status" in result else accepted


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


def _incident(fault: str, pictures: Sequence[str], deployment: Deployment) -> Fault:
    if fault in FAULTS:
        return FAULTS[fault]
    application = deployment.application
    if fault == LAST_ATTEMPT:
        for picture in pictures:
            application.age(picture, last_attempt=True)
        return FAULTS["model refused"]

    def for_each(act: Callable[[str], None]) -> None:
        for picture in pictures:
            act(picture)

    return during(
        {
            "row deleted": partial(for_each, application.delete_row),
            "object deleted": partial(for_each, application.delete_object),
            "withdrawn": partial(for_each, deployment.withdraw),
            "labelled by another": partial(deployment.deliver, pictures),
        }[fault]
    )
