"""Simulates the application event by event: batches, threads, refusals, retries and sweeps."""

import heapq
import math
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from capacity.admission import Executions, OnDemandTable, TokenBucket, arrivals
from capacity.limits import Model
from capacity.load import Load
from capacity.service import SEED, Numbers

# So many pictures are simulated one by one; of more, each stands for several.
BUDGET = 100_000
# The fewest batches at once that stand for all of them.
LEAST_LANES = 8
# What is refused less often is a fluctuation.
NOTICEABLE = 0.02
# Doubled so often, a wait is longer than any.
HIGHEST_POWER = 16
# How long botocore's standard retries wait before the first of them, at most.
LONGEST_BACKOFF = 1.0

type Events = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Simulated:
    """What a simulation found; each number counts pictures of the application, not simulated ones.

    Attributes:
        submitted: Pictures that were submitted.
        throttled: Those that the API refused.
        without_execution: Those that found no free execution.
        without_write: Those that the table did not take.
        labelled: Those that got their label in the time that was simulated.
        failed: Those that were given up.
        waiting: Those that wait at the end.
        refused_calls: Calls that the endpoint refused, since it was busy.
        swept: How often a picture was sent through the stream again.
        throughput: Pictures labelled a second, from the first quarter of the time on.
        p50: Median seconds from a submission to its label, of those submitted in a burst or from
            the first quarter on; infinite where none was labelled.
        p95: 95th percentile of it.
        drained: Seconds from the end of the outage until nothing that came before waits; infinite
            where that was not reached.
        weight: Pictures that one simulated picture stands for.
        stream_use: Share of the time that the batches' lanes were busy.
        endpoint_use: Share of the endpoint's places that were taken.
    """

    submitted: float
    throttled: float
    without_execution: float
    without_write: float
    labelled: float
    failed: float
    waiting: float
    refused_calls: float
    swept: float
    throughput: float
    p50: float
    p95: float
    drained: float
    weight: float
    stream_use: float
    endpoint_use: float

    @property
    def bottleneck(self) -> str:
        """What limits: what refuses most before the stream, or what is busiest after it."""
        before = {
            "api": self.throttled,
            "executions": self.without_execution,
            "table": self.without_write,
        }
        most = max(before, key=lambda name: before[name])
        if before[most] > NOTICEABLE * self.submitted:
            return most
        return "endpoint" if self.endpoint_use >= self.stream_use else "stream"


@dataclass(frozen=True)
class Times:
    """Service times that are given, in the order in which they are taken; each in seconds.

    Attributes:
        submit: Of SubmitImage for each arrival.
        own: Of the labeller for a picture without the model.
        model: Of the model.
        lanes: Which of the shards' parallel batches has each arrival.
        seed: Chooses what else is random: when a shard is polled.
    """

    submit: Sequence[float]
    own: Sequence[float]
    model: Sequence[float]
    lanes: Sequence[int]
    seed: int


def simulate(
    model: Model, load: Load, seconds: float, budget: int = BUDGET, times: Times | None = None
) -> Simulated:
    """Simulate a load, and the outage from a quarter of the time on.

    Args:
        model: The application in its account.
        load: What comes in.
        seconds: How long it is simulated.
        budget: Pictures that are simulated one by one; of more, each stands for several.
        times: Service times; they are drawn where none are given.
    """
    weight = _weight(model, load, seconds, budget)
    source = np.random.default_rng(SEED)
    submitted = arrivals(load, seconds, weight, source)
    if times:
        source = np.random.default_rng([SEED, times.seed])
    run = _Run(model, submitted, load, _Frame(seconds, weight, times), source)
    run.environment.run(until=seconds)
    return run.result()


def _weight(model: Model, load: Load, seconds: float, budget: int) -> float:
    whole = load.rate * seconds + load.burst
    lanes = min(model.lanes, max(LEAST_LANES, math.floor(model.lanes * budget / max(1.0, whole))))
    return model.lanes / lanes


@dataclass(frozen=True)
class _Frame:
    """How long is simulated, how many pictures one stands for, and the times that are given."""

    seconds: float
    weight: float
    times: Times | None


class _Endpoint:
    """Places for calls, and containers that have to start."""

    def __init__(self, model: Model, weight: float) -> None:
        self.places = max(1, round(model.slots / weight))
        self.busy, self.refused, self.seconds = 0, 0, 0.0
        endpoint = model.application.endpoint
        self._start = model.constants.assumed["endpoint-start-seconds"]
        self._warm = model.constants.assumed["warm-seconds"]
        self._always = endpoint.provisioned / weight if endpoint.serverless else math.inf
        self._idle: list[float] = []

    def enter(self, now: float) -> float | None:
        """Take a place; return the seconds of a start, or None where none is free."""
        if self.busy >= self.places:
            self.refused += 1
            return None
        self.busy += 1
        if self.busy <= self._always:
            return 0.0
        if self._idle and now - self._idle[-1] <= self._warm:
            self._idle.pop()
            return 0.0
        self._idle.clear()
        return self._start

    def leave(self, now: float, seconds: float) -> None:
        """Give the place back."""
        self.busy -= 1
        self.seconds += seconds
        self._idle.append(now)


class _Run:
    """One simulation under way. A picture is its number in the order of the submissions."""

    def __init__(
        self,
        model: Model,
        submitted: Numbers,
        load: Load,
        frame: _Frame,
        source: np.random.Generator,
    ) -> None:
        self.environment = simpy.Environment()
        seconds, weight = frame.seconds, frame.weight
        self._service = model.service
        self._labeller, self._sweep = model.application.labeller, model.application.sweep
        self._load, self._source = load, source
        self._weight = weight
        self._seconds = seconds
        begins = seconds / 4 if load.outage else math.inf
        self._down = (begins, begins + load.outage)
        self._endpoint = _Endpoint(model, weight)
        self._poll = model.constants.behaviour["stream-poll-seconds"].value
        self._pause = model.constants.behaviour["stream-retry-seconds"].value
        number = len(submitted)
        self._submitted = submitted
        self._written: Numbers = np.full(number, np.inf)
        self.labelled: Numbers = np.full(number, np.inf)
        api, assumed = model.application.submit, model.constants.assumed
        self._api = TokenBucket(api.rate / weight, max(1.0, api.burst / weight))
        self._executions = Executions(model, weight)
        self._table = OnDemandTable(model, weight)
        self._put = assumed["submission-writes"]
        self._update = max(0.0, assumed["table-writes"] - self._put)
        self._throttled_calls = self._without_execution = self._without_write = 0
        self._attempts = np.zeros(number, dtype=np.int32)
        self._failed = self._swept = 0
        self._missed: list[tuple[float, int]] = []
        self._busy = 0.0
        # There may be more batches than executions: they wait for one.
        self._lanes = max(1, round(model.batches / weight))
        self._at_once = max(1, round(model.lanes / weight))
        self._throttled = model.constants.behaviour["stream-throttled-seconds"].value
        self._owner = source.integers(0, self._lanes, number)
        self._queues: list[deque[int]] = [deque() for _ in range(self._lanes)]
        self._woken = [self.environment.event() for _ in range(self._lanes)]
        times = frame.times
        if times:
            submit, self._own, self._models = times.submit, iter(times.own), iter(times.model)
            self._owner = np.array(times.lanes, dtype=np.int64)
        else:
            submit = self._service.draw(source, assumed["submit-seconds"], number).tolist()
            self._own = self._drawn(self._service.picture)
            self._models = self._drawn(self._service.model)
        self.environment.process(self._submissions(submit))
        for lane in range(self._lanes):
            self.environment.process(self._lane(lane))
        self.environment.process(self._sweeps())

    def _submissions(self, takes: Sequence[float]) -> Events:
        """Let submissions pass the API and the function, and write their rows."""
        environment = self.environment
        for picture, moment in enumerate(self._submitted.tolist()):
            if moment > environment.now:
                yield environment.timeout(moment - environment.now)
            if not self._api.take(environment.now):
                self._throttled_calls += 1
                continue
            start = self._executions.submit(environment.now)
            if start is None:
                self._without_execution += 1
                continue
            ends = environment.timeout(start + takes[picture], picture)
            ends.callbacks.append(self._write)

    def _write(self, ends: simpy.Event) -> None:
        picture = int(ends.value)
        self._executions.submitted()
        if self._table.take(self.environment.now, self._put):
            self._written[picture] = self.environment.now
            self._enqueue(picture)
        else:
            self._without_write += 1

    def _enqueue(self, picture: int) -> None:
        lane = int(self._owner[picture])
        self._queues[lane].append(picture)
        if not self._woken[lane].triggered:
            self._woken[lane].succeed()

    def _drawn(self, mean: float) -> Iterator[float]:
        """Yield seconds of one picture after another."""
        while True:
            yield from self._service.draw(self._source, mean, 4096).tolist()

    def _lane(self, lane: int) -> Events:
        environment, queue = self.environment, self._queues[lane]
        while True:
            if not queue:
                self._woken[lane] = environment.event()
                yield self._woken[lane]
                # The next poll, and then what the window adds.
                poll = self._source.uniform(0, self._poll)
                yield environment.timeout(poll + self._labeller.window)
            batch = [queue.popleft() for _ in range(min(self._labeller.batch, len(queue)))]
            yield from self._deliver(batch)

    def _deliver(self, batch: list[int]) -> Events:
        """Deliver a batch until nothing in it failed, or its retries are used up."""
        environment = self.environment
        for attempt in range(self._labeller.retries + 1):
            if attempt:
                yield environment.timeout(self._pause)
            while not self._executions.label():
                yield environment.timeout(self._throttled)
            began = environment.now
            yield environment.timeout(self._service.batch)
            todo, failed = deque(batch), list[int]()
            workers = min(self._labeller.threads, len(batch))
            yield environment.all_of(
                [environment.process(self._thread(todo, failed)) for _ in range(workers)]
            )
            computed = len(batch) * self._service.cpu / self._service.processors
            if environment.now - began < computed:
                yield environment.timeout(computed - (environment.now - began))
            self._executions.labelled()
            self._busy += environment.now - began
            # What the sweep has sent is tried once.
            batch = [each for each in failed if not self._attempts[each]]
            for each in failed:
                if self._attempts[each]:
                    self._miss(each)
            if not batch:
                return
        for each in batch:
            self._miss(each)

    def _thread(self, todo: deque[int], failed: list[int]) -> Events:
        environment, endpoint = self.environment, self._endpoint
        while todo:
            picture = todo.popleft()
            own = next(self._own)
            # Half of the labeller's time is before the call: reading and decoding.
            yield environment.timeout(own / 2)
            down = self._down[0] <= environment.now < self._down[1]
            start = None if down else endpoint.enter(environment.now)
            if start is None:
                failed.append(picture)
                continue
            model = next(self._models)
            yield environment.timeout(start + model)
            endpoint.leave(environment.now, start + model)
            yield environment.timeout(own / 2)
            if not self._table.take(environment.now, self._update):
                # The labeller's client tries once more before the record is delivered again.
                yield environment.timeout(self._source.uniform(0, LONGEST_BACKOFF))
                if not self._table.take(environment.now, self._update):
                    failed.append(picture)
                    continue
            self.labelled[picture] = environment.now

    def _miss(self, picture: int) -> None:
        attempts = int(self._attempts[picture])
        self._attempts[picture] = attempts + 1
        wait = min(self._sweep.after * 2 ** min(attempts, HIGHEST_POWER), self._sweep.longest)
        age = self.environment.now - self._written[picture]
        if age > self._sweep.give_up:
            self._failed += 1
        else:
            due = self._written[picture] + wait if not attempts else self.environment.now + wait
            heapq.heappush(self._missed, (float(due), picture))

    def _sweeps(self) -> Events:
        limit = max(1, round(self._sweep.limit / self._weight))
        while True:
            yield self.environment.timeout(self._sweep.every)
            for _ in range(limit):
                if not self._missed or self._missed[0][0] > self.environment.now:
                    break
                _, picture = heapq.heappop(self._missed)
                self._swept += 1
                self._enqueue(picture)

    def result(self) -> Simulated:
        """Return what was found."""
        refused = self._throttled_calls + self._without_execution + self._without_write
        weight, done = self._weight, np.isfinite(self.labelled)
        quarter = self._seconds / 4
        # Until then, everything starts that is warm later.
        counts = done & (self._submitted >= (0 if self._load.burst else quarter))
        waits = self.labelled[counts] - self._submitted[counts]
        p50, p95 = np.percentile(waits, [50, 95]) if len(waits) else (math.inf, math.inf)
        late = int(np.count_nonzero(self.labelled[done] >= quarter))
        places = self._endpoint.places * self._seconds
        return Simulated(
            submitted=len(done) * weight,
            throttled=self._throttled_calls * weight,
            without_execution=self._without_execution * weight,
            without_write=self._without_write * weight,
            labelled=int(done.sum()) * weight,
            failed=self._failed * weight,
            waiting=(len(done) - refused - int(done.sum()) - self._failed) * weight,
            refused_calls=self._endpoint.refused * weight,
            swept=self._swept * weight,
            throughput=late * weight / (self._seconds - quarter),
            p50=float(p50),
            p95=float(p95),
            drained=self._drained(),
            weight=weight,
            stream_use=min(1.0, self._busy / (self._at_once * self._seconds)),
            endpoint_use=min(1.0, self._endpoint.seconds / places),
        )

    def _drained(self) -> float:
        if not self._load.outage:
            return 0.0
        before = self.labelled[self._written < self._down[1]]
        return float(np.max(before, initial=self._down[1]) - self._down[1])
