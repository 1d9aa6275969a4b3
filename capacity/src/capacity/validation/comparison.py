"""Compares what was predicted of a scenario with what was measured."""

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from capacity.limits import limits
from capacity.simulation import Simulated, Times, bottleneck, simulate
from capacity.validation import records
from capacity.validation.scenarios import Scenario

# When a shard is polled is one draw of many: the prediction is their mean.
SIMULATIONS = 24
THROUGHPUT_WITHIN = 0.10
P95_WITHIN = 0.20
RIGHT_BOTTLENECKS = 0.95
# What real calls take, by the function that makes them.
OVERHEADS = ("submit", "label", "batch")


@dataclass(frozen=True)
class Spread:
    """A number that was found several times.

    Attributes:
        value: The median of what was measured, or the mean of what was simulated.
        low: The lowest.
        high: The highest.
    """

    value: float
    low: float
    high: float

    @classmethod
    def of_measured(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of measured values."""
        return cls(statistics.median(values), min(values), max(values))

    @classmethod
    def of_simulated(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of simulated values."""
        return cls(statistics.fmean(values), min(values), max(values))


@dataclass(frozen=True)
class Found:
    """What a scenario came to.

    Attributes:
        throughput: Pictures labelled a second, from the first quarter of the time on.
        p95: 95th percentile of the seconds from a submission to its label.
        bottleneck: What limits, most often.
    """

    throughput: Spread
    p95: Spread
    bottleneck: str


@dataclass(frozen=True)
class Compared:
    """A row of the table.

    Attributes:
        scenario: Its name.
        computed: What limits first by the analytic model.
        predicted: By the simulation.
        measured: On the embedded cloud.
        overheads: Seconds that were measured besides what was drawn: of a submission, of a picture
            in the labeller, and of a batch.
        late: 95th percentile of the seconds by which a submission began late, of the repetition in
            which it was highest.
        repetitions: How often it was measured.
    """

    scenario: str
    computed: str
    predicted: Found
    measured: Found
    overheads: dict[str, Spread]
    late: float
    repetitions: int

    @property
    def throughput_error(self) -> float:
        """The prediction's relative error."""
        return _error(self.predicted.throughput, self.measured.throughput)

    @property
    def p95_error(self) -> float:
        """The prediction's relative error."""
        return _error(self.predicted.p95, self.measured.p95)

    @property
    def misses(self) -> list[str]:
        """What is outside its tolerance."""
        return [
            *(["throughput"] if abs(self.throughput_error) > THROUGHPUT_WITHIN else []),
            *(["p95"] if abs(self.p95_error) > P95_WITHIN else []),
            *(["bottleneck"] if self.predicted.bottleneck != self.measured.bottleneck else []),
        ]

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {**_rounded(asdict(self)), "misses": self.misses}


def compare(scenario: Scenario, results: Sequence[dict[str, Any]]) -> Compared:
    """Predict a scenario, and compare that with a worker's results.

    The model is given the mean times of the real calls (DynamoDB and HTTP), which the runs
    measured: service times are its input.

    Args:
        scenario: The scenario.
        results: What the worker answered, for each repetition.
    """
    overheads = {
        name: Spread.of_measured([max(0.0, each[f"{name}_overhead"]) for each in results])
        for name in OVERHEADS
    }
    return Compared(
        scenario.name,
        limits(scenario.model)[0].kind,
        _predicted(_simulated(scenario, {name: each.value for name, each in overheads.items()})),
        _measured(scenario, results),
        overheads,
        max(each["late"] for each in results),
        len(results),
    )


def _simulated(scenario: Scenario, besides: dict[str, float]) -> list[Simulated]:
    """Simulate a scenario several times, with the real calls' times added to what is drawn."""
    constants = scenario.model.constants
    names = {name: f"{name}-seconds" for name in OVERHEADS}
    assumed = {key: constants.assumed[key] + besides[name] for name, key in names.items()}
    model = replace(scenario.model, constants=constants.assuming(assumed))
    document = scenario.document(0)
    title, shards, factor = document["title"], document["shards"], document["factor"]
    ids = [records.image_id(title, number) for number in range(len(document["arrivals"]))]
    times = Times(
        [each + besides["submit"] for each in document["submit_seconds"]],
        [each + besides["label"] for each in document["own_seconds"]],
        document["quotas"]["model_seconds"],
        [records.lane(each, shards, factor) for each in ids],
        0,
    )
    return [
        simulate(model, scenario.load, scenario.seconds, times=replace(times, seed=seed))
        for seed in range(SIMULATIONS)
    ]


def _predicted(runs: list[Simulated]) -> Found:
    return Found(
        Spread.of_simulated([each.throughput for each in runs]),
        Spread.of_simulated([each.p95 for each in runs]),
        _most_common([each.bottleneck for each in runs]),
    )


def _measured(scenario: Scenario, results: Sequence[dict[str, Any]]) -> Found:
    found = [_one(scenario, each) for each in results]
    return Found(
        Spread.of_measured([throughput for throughput, _, _ in found]),
        Spread.of_measured([p95 for _, p95, _ in found]),
        _most_common([limit for _, _, limit in found]),
    )


def _one(scenario: Scenario, result: dict[str, Any]) -> tuple[float, float, str]:
    """Return throughput, p95 and bottleneck of a run, by the simulation's own definitions."""
    model, seconds, quarter = scenario.model, scenario.seconds, scenario.seconds / 4
    late = sum(when >= quarter for _, when in result["waits"])
    since = 0.0 if scenario.load.burst else quarter
    waits = [when - submitted for submitted, when in result["waits"] if submitted >= since]
    counts = result["counts"]
    return (
        late / (seconds - quarter),
        float(np.percentile(waits, 95)) if waits else math.inf,
        bottleneck(
            {name: counts[name] for name in ("api", "executions", "table")},
            len(scenario.document(0)["arrivals"]),
            result["busy_seconds"] / (model.lanes * seconds),
            result["endpoint_seconds"] / (model.slots * seconds),
        ),
    )


def _most_common(names: Sequence[str]) -> str:
    ((most, _),) = Counter(names).most_common(1)
    return most


def _error(predicted: Spread, found: Spread) -> float:
    return (predicted.value - found.value) / found.value if found.value else math.inf


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value
