"""Compares what was predicted of a scenario with what was measured."""

import math
import statistics
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from capacity.simulation import NOTICEABLE, Simulated, Times, simulate
from capacity.validation import records
from capacity.validation.scenarios import Scenario

# When a shard is polled is one draw of many: the prediction is their mean.
SIMULATIONS = 24
THROUGHPUT_WITHIN = 0.10
P95_WITHIN = 0.20
RIGHT_BOTTLENECKS = 0.95


@dataclass(frozen=True)
class Found:
    """What a scenario came to.

    Attributes:
        throughput: Pictures labelled a second, from the first quarter of the time on.
        p95: 95th percentile of the seconds from a submission to its label.
        bottleneck: What limits.
    """

    throughput: float
    p95: float
    bottleneck: str


@dataclass(frozen=True)
class Compared:
    """A row of the table.

    Attributes:
        scenario: Its name.
        predicted: By the simulation.
        measured: On the embedded cloud.
        overhead: Seconds of a picture in the labeller that were measured besides what was drawn.
        late: 95th percentile of the seconds by which a submission began late.
    """

    scenario: str
    predicted: Found
    measured: Found
    overhead: float
    late: float

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


def compare(scenario: Scenario, result: dict[str, Any]) -> Compared:
    """Predict a scenario, and compare that with a worker's result.

    The model is given the mean times of the real calls (DynamoDB and HTTP), which the run measured:
    service times are its input.
    """
    model = scenario.model
    assumed = model.constants.assumed
    constants = model.constants.assuming(
        {
            f"{name}-seconds": assumed[f"{name}-seconds"] + max(0.0, result[f"{name}_overhead"])
            for name in ("label", "batch", "submit")
        }
    )
    whole = replace(model, constants=constants)
    document, beyond = (
        scenario.document(0),
        {name: max(0.0, result[f"{name}_overhead"]) for name in ("submit", "label")},
    )
    submit = [each + beyond["submit"] for each in document["submit_seconds"]]
    own = [each + beyond["label"] for each in document["own_seconds"]]
    models = document["quotas"]["model_seconds"]
    name, shards, factor = result["name"], document["shards"], document["factor"]
    ids = [records.image_id(name, number) for number in range(len(submit))]
    lanes = [records.lane(each, shards, factor) for each in ids]
    runs = [
        simulate(
            whole, scenario.load, scenario.seconds, times=Times(submit, own, models, lanes, each)
        )
        for each in range(SIMULATIONS)
    ]
    return Compared(
        scenario.name,
        _predicted(runs),
        measured(scenario, result),
        result["label_overhead"],
        result["late"],
    )


def _predicted(runs: list[Simulated]) -> Found:
    (bottleneck, _), *_ = Counter(each.bottleneck for each in runs).most_common(1)
    return Found(
        statistics.fmean(each.throughput for each in runs),
        statistics.fmean(each.p95 for each in runs),
        bottleneck,
    )


def measured(scenario: Scenario, result: dict[str, Any]) -> Found:
    """Return what a worker measured, by the simulation's own definitions."""
    model, seconds, quarter = scenario.model, scenario.seconds, scenario.seconds / 4
    late = sum(when >= quarter for _, when in result["waits"])
    since = 0.0 if scenario.load.burst else quarter
    waits = [when - submitted for submitted, when in result["waits"] if submitted >= since]
    counts = result["counts"]
    before = {name: counts[name] for name in ("api", "executions", "table")}
    most = max(before, key=lambda name: before[name])
    stream = result["busy_seconds"] / (model.lanes * seconds)
    endpoint = result["endpoint_seconds"] / (model.slots * seconds)
    submitted = len(scenario.document(0)["arrivals"])
    if before[most] > NOTICEABLE * submitted:
        bottleneck = most
    else:
        bottleneck = "endpoint" if endpoint >= stream else "stream"
    return Found(
        late / (seconds - quarter),
        float(np.percentile(waits, 95)) if waits else math.inf,
        bottleneck,
    )


def _error(predicted: float, found: float) -> float:
    return (predicted - found) / found if found else math.inf


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return round(value, 3) if isinstance(value, float) else value
