"""The scenarios: small applications in accounts with small quotas, each with its load."""

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Any

import numpy as np

from capacity.admission import arrivals
from capacity.application import Api, Application, Endpoint, Function, Labeller, Sweep, Table
from capacity.constants import Constants
from capacity.load import Load
from capacity.model import Model
from capacity.service import SEED, Service

SECONDS = 20.0
# How often a picture may take a time: no scenario labels as many.
TIMES = 4000
# Of so many in a row, one is drawn from each equal part of the distribution.
STRATA = 20

_FUNCTION = Function(memory=1769, reserved=math.inf, arm=False)
_APPLICATION = Application(
    submit=Api(_FUNCTION, rate=100, burst=200, quota=math.inf),
    look_up=Api(_FUNCTION, rate=1000, burst=2000, quota=math.inf),
    labeller=Labeller(_FUNCTION, batch=2, window=0, factor=1, threads=2, retries=3),
    sweep=Sweep(
        after=1e6,
        every=1e6,
        limit=1024,
        most=8192,
        read=16_384,
        threads=16,
        memory=256,
        longest=3600,
        give_up=86_400,
    ),
    endpoint=Endpoint(
        serverless=True,
        memory=3072,
        concurrency=40,
        provisioned=0,
        instance="ml.m5.large",
        least=1,
        most=2,
        target=300,
    ),
    table=Table(writes=0, index_writes=0, index_shards=16),
    alarms=22,
)
_ASSUMED = {
    "submit-seconds": 0.3,
    "label-seconds": 0.2,
    "label-cpu-seconds": 0,
    "batch-seconds": 0.05,
    "model-seconds": 0.5,
    "function-start-seconds": 0,
    "endpoint-start-seconds": 0,
    # Nothing looks a picture up.
    "look-ups": 0,
}


@dataclass(frozen=True)
class Scenario:
    """One scenario.

    Attributes:
        name: Says what it is about, in words that stand in the table.
        model: The application in its account.
        load: What comes in.
        seconds: For how long.
    """

    name: str
    model: Model
    load: Load
    seconds: float = SECONDS

    def document(self, number: int) -> dict[str, Any]:
        """Return it as a worker reads it.

        Args:
            number: Distinguishes the tables of scenarios that run at the same time.
        """
        model, labeller, sweep = self.model, self.model.application.labeller, None
        sweep = model.application.sweep
        behaviour, service = model.constants.behaviour, model.service
        times = arrivals(self.load, self.seconds, 1, np.random.default_rng(SEED))
        source = np.random.default_rng([SEED, zlib.crc32(self.name.encode())])
        submit = model.constants.assumed["submit-seconds"]
        return {
            "name": f"scenario-{number}",
            "title": self.name,
            "seconds": self.seconds,
            "arrivals": times.tolist(),
            "submit_seconds": _times(service, source, submit)[: len(times)],
            "own_seconds": _times(service, source, service.picture),
            "batch_seconds": service.batch,
            "cpu_seconds": service.cpu / service.processors,
            "shards": model.shards,
            "factor": labeller.factor,
            "batch": labeller.batch,
            "window": labeller.window,
            "threads": labeller.threads,
            "retries": labeller.retries,
            "poll": behaviour["stream-poll-seconds"].value,
            "pause": behaviour["stream-retry-seconds"].value,
            "throttled_seconds": behaviour["stream-throttled-seconds"].value,
            "sweeps": sweep.every < self.seconds,
            "sweep": {
                "after": sweep.after,
                "every": sweep.every,
                "limit": sweep.limit,
                "give_up": sweep.give_up,
            },
            "quotas": self._quotas(_times(service, source, service.model)),
        }

    def _quotas(self, models: list[float]) -> dict[str, Any]:
        model = self.model
        application, limits, assumed = (
            model.application,
            model.constants.limits,
            model.constants.assumed,
        )
        begins = self.seconds / 4 if self.load.outage else _NEVER
        rows, index = model.table_share(0), model.index_share(0)
        return {
            "api_rate": application.submit.rate,
            "api_burst": application.submit.burst,
            "submit_executions": _finite(application.submit.function.reserved),
            "labeller_executions": _finite(application.labeller.function.reserved),
            "sweep_executions": _NEVER,
            "account_executions": _finite(model.quota("lambda-concurrency")),
            "ramp": limits["lambda-ramp"].value,
            "ramp_burst": limits["lambda-ramp-burst"].value,
            "function_start": assumed["function-start-seconds"],
            "table_writes": model.table_writes,
            "index_writes": min(model.index_writes, model.partition_writes),
            "units": {
                what: [getattr(rows, what), getattr(index, what)]
                for what in ("submitted", "labelled", "swept")
            },
            "endpoint_places": model.slots,
            "endpoint_start": assumed["endpoint-start-seconds"],
            "provisioned": application.endpoint.provisioned,
            "warm": assumed["warm-seconds"],
            "model_seconds": models,
            "down_from": begins,
            "down_until": begins + self.load.outage,
        }


_NEVER = 1e9


def _times(service: Service, source: np.random.Generator, mean: float) -> list[float]:
    """Draw times of which any few have nearly the distribution's mean and spread.

    A run labels a hundred pictures: the mean of so many independent draws would be off by 4 %,
    which says nothing of the model.
    """
    if mean == 0 or service.spread == 0:
        return [mean] * TIMES
    normal = NormalDist(math.log(mean) - service.deviation**2 / 2, service.deviation)
    found: list[float] = []
    while len(found) < TIMES:
        shares = (source.permutation(STRATA) + source.uniform(0, 1, STRATA)) / STRATA
        found += [math.exp(normal.inv_cdf(share)) for share in shares.tolist()]
    return found


def _finite(value: float) -> float:
    return min(value, _NEVER)


@dataclass
class _Change:
    """What a scenario changes: fields of the application's parts, limits and assumptions."""

    labeller: Mapping[str, Any] = field(default_factory=dict)
    endpoint: Mapping[str, Any] = field(default_factory=dict)
    submit: Mapping[str, Any] = field(default_factory=dict)
    sweep: Mapping[str, Any] = field(default_factory=dict)
    table: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    assumed: Mapping[str, float] = field(default_factory=dict)


def _scenario(
    name: str, rate: float, burst: float = 0, outage: float = 0, **changes: Any
) -> Scenario:
    change = _Change(**changes)
    application = replace(
        _APPLICATION,
        labeller=_with_reserved(_APPLICATION.labeller, change.labeller),
        endpoint=replace(_APPLICATION.endpoint, **change.endpoint),
        submit=_with_reserved(_APPLICATION.submit, change.submit),
        sweep=replace(_APPLICATION.sweep, **change.sweep),
        table=replace(_APPLICATION.table, **change.table),
    )
    constants = Constants.read().assuming({**_ASSUMED, **change.assumed})
    limits = dict(constants.limits)
    for key, value in change.limits.items():
        limits[key] = replace(limits[key], value=value)
    constants = replace(constants, limits=limits)
    return Scenario(name, Model(application, constants, "default"), Load(rate, burst, outage))


def _with_reserved(part: Any, changes: Mapping[str, Any]) -> Any:
    own = {name: value for name, value in changes.items() if name not in ("reserved", "memory")}
    function = {name: value for name, value in changes.items() if name not in own}
    return replace(part, **own, function=replace(part.function, **function))


def _single(**changes: Any) -> dict[str, Any]:
    return {"batch": 1, "threads": 1, **changes}


_SWEPT = {"after": 3, "every": 1}

SCENARIOS = (
    # Nothing is overloaded: what is busiest is the stream, or the endpoint.
    _scenario("light load, single records", 2, labeller=_single()),
    _scenario("light load, batches of 2", 3),
    _scenario("light load, batches of 10 on 4 threads", 4, labeller={"batch": 10, "threads": 4}),
    _scenario("half load, single records", 3, labeller=_single()),
    _scenario("half load, batches of 4 on 1 thread", 3, labeller={"batch": 4, "threads": 1}),
    _scenario("a window of 1 s", 4, labeller={"batch": 10, "threads": 4, "window": 1}),
    _scenario("constant service times", 3, labeller=_single(), assumed={"spread": 0}),
    _scenario("service times that vary twice as much", 3, assumed={"spread": 0.8}),
    _scenario("8 shards", 5, labeller=_single(), table={"writes": 8000}),
    _scenario("factor 2", 5, labeller=_single(factor=2)),
    # The stream is overloaded.
    _scenario("overloaded, single records", 8, labeller=_single()),
    _scenario("overloaded, batches of 2 on 1 thread", 8, labeller={"threads": 1}),
    _scenario("overloaded, batches of 10 on 1 thread", 8, labeller={"batch": 10, "threads": 1}),
    _scenario(
        "overloaded, batches of 10 on 2 threads",
        10,
        labeller={"batch": 10},
        assumed={"model-seconds": 1.0},
    ),
    _scenario("overloaded, factor 2", 14, labeller=_single(factor=2)),
    _scenario("overloaded, 3 reserved executions", 8, labeller=_single(reserved=3)),
    _scenario(
        "overloaded, 2 reserved executions, batches of 4", 8, labeller={"batch": 4, "reserved": 2}
    ),
    _scenario("overloaded, 6 shards", 12, labeller=_single(), table={"writes": 6000}),
    _scenario(
        "overloaded by processor time",
        8,
        labeller={"memory": 442},
        assumed={"label-cpu-seconds": 0.2},
    ),
    _scenario("overloaded by a slow model", 6, labeller=_single(), assumed={"model-seconds": 1.0}),
    # The endpoint refuses.
    _scenario(
        "endpoint of 2 places, no retries",
        5,
        endpoint={"concurrency": 2},
        labeller=_single(retries=0, factor=2),
    ),
    _scenario("endpoint of 3 places", 5, endpoint={"concurrency": 3}, labeller=_single(factor=2)),
    _scenario("endpoint of 2 places", 5, endpoint={"concurrency": 2}, labeller=_single(factor=2)),
    _scenario("endpoint of 1 place", 3, endpoint={"concurrency": 1}, labeller=_single()),
    _scenario(
        "endpoint of 3 places, batches of 4", 6, endpoint={"concurrency": 3}, labeller={"batch": 4}
    ),
    _scenario(
        "endpoint of 2 places, swept",
        5,
        endpoint={"concurrency": 2},
        labeller=_single(factor=2, retries=1),
        sweep=_SWEPT,
    ),
    _scenario("endpoint with room", 4, endpoint={"concurrency": 3}, labeller=_single(factor=3)),
    _scenario("cold endpoint", 3, labeller=_single(), assumed={"endpoint-start-seconds": 3}),
    _scenario(
        "warm places",
        3,
        endpoint={"provisioned": 2},
        labeller=_single(),
        assumed={"endpoint-start-seconds": 3},
    ),
    # The API, the function's executions, and the table refuse.
    _scenario("throttled to 2 a second", 5, submit={"rate": 2, "burst": 4}),
    _scenario("throttled to 3 a second", 8, submit={"rate": 3, "burst": 2}),
    _scenario(
        "throttled, with a burst",
        4,
        burst=40,
        submit={"rate": 2, "burst": 20},
        labeller={"batch": 10, "threads": 4},
    ),
    _scenario("1 execution of SubmitImage", 6, submit={"reserved": 1}),
    _scenario("2 executions of SubmitImage", 10, submit={"reserved": 2}, labeller={"batch": 10}),
    _scenario(
        "3 executions of SubmitImage, slow",
        6,
        submit={"reserved": 3},
        assumed={"submit-seconds": 1},
    ),
    _scenario(
        "the account's 6 executions",
        10,
        limits={"lambda-concurrency": 6},
        labeller={"batch": 4},
        assumed={"submit-seconds": 0.5},
    ),
    _scenario(
        "a slow ramp of executions",
        6,
        burst=30,
        limits={"lambda-ramp": 0.1, "lambda-ramp-burst": 2},
        labeller={"batch": 4},
    ),
    _scenario("a table of 6 write units", 5, limits={"table-new-writes": 6}),
    _scenario("a table of 9 write units", 6, limits={"table-new-writes": 9}),
    _scenario(
        "a table of 12 write units, batches of 10",
        8,
        limits={"table-new-writes": 12},
        labeller={"batch": 10},
    ),
    _scenario(
        "an index of 4 write units",
        5,
        limits={"table-new-writes": 4},
        table={"writes": 4000},
    ),
    _scenario(
        "the account's 8 executions, 2 of them reserved",
        12,
        limits={"lambda-concurrency": 8},
        submit={"reserved": 2},
        labeller={"batch": 4},
    ),
    # Bursts, outages and starts.
    _scenario("a burst of 30", 1, burst=30),
    _scenario("a burst of 60, batches of 10 on 2 threads", 1, burst=60, labeller={"batch": 10}),
    _scenario("a burst of 40, single records", 2, burst=40, labeller=_single()),
    _scenario("an outage of 3 s", 2, outage=3, labeller={"retries": 5}),
    _scenario("an outage of 5 s, swept", 2, outage=5, labeller={"retries": 1}, sweep=_SWEPT),
    _scenario(
        "an outage of 3 s, swept one at a time",
        2,
        outage=3,
        labeller={"retries": 0},
        sweep={**_SWEPT, "limit": 1},
    ),
    _scenario("cold functions", 3, assumed={"function-start-seconds": 2}),
)
