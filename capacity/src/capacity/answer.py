"""Everything that the analytic model says of one load."""

from dataclasses import dataclass

from capacity import backlog
from capacity.advice import Advice, advice
from capacity.backlog import Drain
from capacity.costs import Costs, costs
from capacity.latency import Latency, latency
from capacity.limits import Limit, limits
from capacity.load import Load
from capacity.model import Model
from capacity.simulation import Simulated, simulate

FIRST = 3
# What is simulated: long enough for queues to settle, and, after an outage, for them to drain.
SECONDS = 1800.0
LONGEST = 7 * 86_400.0


@dataclass(frozen=True)
class Answer:
    """What comes of a load.

    Attributes:
        load: The load.
        limits: Everything that limits, the first bottleneck first.
        accepted: Pictures a second that the API accepts.
        labelled: Pictures a second that are labelled.
        latency: The time to a label.
        burst: What becomes of the burst.
        outage: What becomes of the outage's backlog.
        recovery: What limits how fast the sweep drains that, the first bottleneck first.
        costs: Dollars.
        advice: What to change.
        simulated: What the simulation finds.
        horizon: Seconds that should be simulated.
    """

    load: Load
    limits: list[Limit]
    accepted: float
    labelled: float
    latency: Latency
    burst: Drain
    outage: Drain
    recovery: list[Limit]
    costs: Costs
    advice: Advice
    simulated: Simulated
    horizon: float

    @property
    def bottlenecks(self) -> list[Limit]:
        """The first three."""
        return self.limits[:FIRST]


def answer(model: Model, load: Load) -> Answer:
    """Compute everything for a load."""
    found = limits(model)
    accepted = backlog.accepted(model, load.rate)
    labelled = backlog.throughput(found, load.rate)
    outage = backlog.of_outage(model, load, accepted)
    horizon = _horizon(load, outage)
    return Answer(
        load,
        found,
        accepted,
        labelled,
        latency(model, accepted),
        backlog.of_burst(model, load, accepted),
        outage,
        backlog.recovery(model, accepted, swept=True),
        costs(model, labelled),
        advice(model, load),
        simulate(model, load, horizon),
        horizon,
    )


def _horizon(load: Load, outage: Drain) -> float:
    if not load.outage:
        return SECONDS
    # The outage begins after a quarter of the time. What never drains is watched for as long again.
    drain = outage.seconds * 1.5 if outage.seconds < LONGEST else load.outage
    return min(LONGEST, max(SECONDS, (load.outage + drain) * 4 / 3))
