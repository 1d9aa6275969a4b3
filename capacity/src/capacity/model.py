"""The application in an account: what there is of everything that a picture takes."""

import math
from dataclasses import dataclass

from capacity.application import Application
from capacity.constants import Constants
from capacity.service import MEGABYTES_PER_PROCESSOR, Service


@dataclass(frozen=True)
class Share:
    """One thing of which submissions, labels and the sweep each take a part.

    Attributes:
        available: How much of it there is for them.
        submitted: What a picture takes until it is submitted, and for its look-ups.
        labelled: What its label takes.
        swept: What it takes that the sweep sends it again.
    """

    available: float
    submitted: float
    labelled: float
    swept: float = 0

    @property
    def picture(self) -> float:
        """What a picture takes that is labelled at once."""
        return self.submitted + self.labelled

    @property
    def pictures(self) -> float:
        """How many pictures a second it is enough for."""
        return self.available / self.picture if self.picture else math.inf

    def left(self, accepted: float, *, swept: bool) -> float:
        """Return how many pictures of a backlog it is enough for, a second.

        Args:
            accepted: Pictures a second that are accepted meanwhile, and labelled at once.
            swept: Whether the sweep has to send those of the backlog again.
        """
        each = self.labelled + (self.swept if swept else 0)
        rest = self.available - accepted * self.picture
        return rest / each if each else math.inf


@dataclass(frozen=True)
class Model:
    """The application in an account, as the limits see it.

    Attributes:
        application: The application.
        constants: The constants.
        account: Whose quotas hold.
    """

    application: Application
    constants: Constants
    account: str

    @property
    def service(self) -> Service:
        """The labeller's times."""
        return Service.of(self.application, self.constants)

    def quota(self, key: str) -> float:
        """Return a quota's value in this account; infinite if it is raised as far as needed."""
        constant = self.constants.limits[key]
        if self.account == "raised":
            return math.inf if constant.adjustable else constant.value
        return constant.of(self.account)

    @property
    def shards(self) -> int:
        """Shards of the stream: one for each partition of the table."""
        least = self.constants.behaviour["shards-at-least"].value
        partition = self.constants.limits["partition-writes"].value
        return int(max(least, math.ceil(self.application.table.writes / partition)))

    @property
    def batches(self) -> int:
        """Batches that the stream would have labelled at once, at most."""
        return self.shards * self.application.labeller.factor

    @property
    def lanes(self) -> float:
        """Batches that are labelled at once, at most, since each takes an execution."""
        reserved = self.application.labeller.function.reserved
        executions = reserved if math.isfinite(reserved) else self.unreserved
        return max(1.0, min(self.batches, executions))

    @property
    def reserved(self) -> float:
        """Executions of the account that are reserved for one function each."""
        found = self.application
        functions = (found.submit.function, found.look_up.function, found.labeller.function)
        return sum(each.reserved for each in functions if math.isfinite(each.reserved))

    @property
    def unreserved(self) -> float:
        """Executions that the functions share which have none reserved."""
        return max(0.0, self.quota("lambda-concurrency") - self.reserved)

    @property
    def executions(self) -> Share:
        """The executions that are shared; a whole run of the sweep is always under way in part."""
        application, assumed = self.application, self.constants.assumed
        batch = application.labeller.batch
        submitted = self._shared(application.submit.function.reserved, assumed["submit-seconds"])
        looked_up = assumed["look-ups"] * assumed["look-up-seconds"]
        return Share(
            self.unreserved - self.sweeping,
            submitted + self._shared(application.look_up.function.reserved, looked_up),
            self._shared(
                application.labeller.function.reserved, self.service.seconds(batch) / batch
            ),
        )

    @staticmethod
    def _shared(reserved: float, seconds: float) -> float:
        return 0.0 if math.isfinite(reserved) else seconds

    @property
    def touch(self) -> float:
        """Seconds that the sweep takes for each picture, by its threads and its processor."""
        assumed, sweep = self.constants.assumed, self.application.sweep
        processors = sweep.memory / MEGABYTES_PER_PROCESSOR
        return max(
            assumed["touch-seconds"] / sweep.threads, assumed["touch-cpu-seconds"] / processors
        )

    @property
    def sweeping(self) -> float:
        """Share of the time in which the sweep runs, if each run has as much as it may."""
        sweep = self.application.sweep
        return min(1.0, sweep.limit * self.touch / sweep.every)

    @property
    def table_writes(self) -> float:
        """Write units a second that the table takes at once."""
        return max(self.constants.limits["table-new-writes"].value, self.application.table.writes)

    @property
    def index_writes(self) -> float:
        """Write units a second that the index of pending rows takes at once."""
        return max(
            self.constants.limits["table-new-writes"].value, self.application.table.index_writes
        )

    @property
    def partition_writes(self) -> float:
        """Write units a second of the index's partition keys together."""
        partition = self.constants.limits["partition-writes"].value
        return self.application.table.index_shards * partition

    def table_share(self, writes: float) -> Share:
        """Return how submissions, labels and the sweep share the table's writes.

        Args:
            writes: Write units a second.
        """
        assumed = self.constants.assumed
        submitted = assumed["submission-writes"]
        labelled = max(0.0, assumed["table-writes"] - submitted)
        return Share(writes, submitted, labelled, assumed["touch-writes"])

    def index_share(self, writes: float) -> Share:
        """Return how submissions, labels and the sweep share the writes of the pending rows' index.

        Args:
            writes: Write units a second.
        """
        assumed = self.constants.assumed
        submitted = assumed["submission-index-writes"]
        labelled = max(0.0, assumed["index-writes"] - submitted)
        return Share(writes, submitted, labelled, assumed["touch-index-writes"])

    @property
    def calls(self) -> float:
        """Calls of the endpoint that the labeller makes at once, at most."""
        labeller = self.application.labeller
        return self.lanes * min(labeller.threads, labeller.batch)

    @property
    def slots(self) -> float:
        """Pictures that the endpoint works on at once, at most."""
        endpoint = self.application.endpoint
        if endpoint.serverless:
            return min(endpoint.concurrency, self.quota("serverless-concurrency"))
        return endpoint.most * self.constants.instances[endpoint.instance].processors
