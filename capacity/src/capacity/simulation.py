"""Simulates the application event by event: batches, threads, refusals, retries and sweeps."""

import heapq
import math
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from capacity.admission import Admitted, admit, arrivals
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


def simulate(model: Model, load: Load, seconds: float, budget: int = BUDGET) -> Simulated:
    """Simulate a load, and the outage from a quarter of the time on.

    Args:
        model: The application in its account.
        load: What comes in.
        seconds: How long it is simulated.
        budget: Pictures that are simulated one by one; of more, each stands for several.
    """
    weight = _weight(model, load, seconds, budget)
    source = np.random.default_rng(SEED)
    times = arrivals(load, seconds, weight, source)
    admitted = admit(model, times, weight, source)
    run = _Run(model, admitted, load, _Frame(seconds, weight), source)
    run.environment.run(until=seconds)
    return run.result(len(times))


def _weight(model: Model, load: Load, seconds: float, budget: int) -> float:
    whole = load.rate * seconds + load.burst
    lanes = min(model.lanes, max(LEAST_LANES, math.floor(model.lanes * budget / max(1.0, whole))))
    return model.lanes / lanes if math.isfinite(model.lanes) else 1.0


@dataclass(frozen=True)
class _Frame:
    """How long is simulated, and how many pictures one stands for."""

    seconds: float
    weight: float


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
        self._started = 0

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
    """One simulation under way. A picture is its number in the order of its row."""

    def __init__(
        self,
        model: Model,
        admitted: Admitted,
        load: Load,
        frame: _Frame,
        source: np.random.Generator,
    ) -> None:
        self.environment = simpy.Environment()
        seconds, weight = frame.seconds, frame.weight
        self._model, self._service = model, model.service
        self._labeller, self._sweep = model.application.labeller, model.application.sweep
        self._admitted, self._load, self._source = admitted, load, source
        self._weight = weight
        self._seconds = seconds
        begins = seconds / 4 if load.outage else math.inf
        self._down = (begins, begins + load.outage)
        self._endpoint = _Endpoint(model, weight)
        self._poll = model.constants.behaviour["stream-poll-seconds"].value
        self._pause = model.constants.behaviour["stream-retry-seconds"].value
        number = len(admitted.written)
        order = np.argsort(admitted.written, kind="stable")
        self._submitted = admitted.submitted[order]
        self._written = admitted.written[order]
        self.labelled: Numbers = np.full(number, np.inf)
        self._attempts = np.zeros(number, dtype=np.int32)
        self._failed = self._swept = 0
        self._missed: list[tuple[float, int]] = []
        self._busy = 0.0
        self._lanes = max(1, round(model.lanes / weight))
        owner = source.integers(0, self._lanes, number)
        self._again: list[deque[int]] = [deque() for _ in range(self._lanes)]
        self._woken = [self.environment.event() for _ in range(self._lanes)]
        self._times = self._durations()
        for lane in range(self._lanes):
            own = np.flatnonzero(owner == lane)
            self.environment.process(self._lane(lane, own.tolist(), self._written[own].tolist()))
        self._owner = owner
        self.environment.process(self._sweeps())

    def _durations(self) -> Iterator[tuple[float, float]]:
        """Yield the seconds of the labeller and of the model for one picture after another."""
        while True:
            own = self._service.draw(self._source, self._service.picture, 4096)
            model = self._service.draw(self._source, self._service.model, 4096)
            yield from zip(own.tolist(), model.tolist(), strict=True)

    def _lane(self, lane: int, own: list[int], written: list[float]) -> Events:
        environment, most = self.environment, self._labeller.batch
        again, position = self._again[lane], 0
        while True:
            if not again and (position == len(own) or written[position] > environment.now):
                self._woken[lane] = environment.event()
                waits: list[simpy.Event] = [self._woken[lane]]
                if position < len(own):
                    waits.append(environment.timeout(written[position] - environment.now))
                yield environment.any_of(waits)
                # The next poll, and then what the window adds.
                poll = self._source.uniform(0, self._poll)
                yield environment.timeout(poll + self._labeller.window)
            batch: list[int] = []
            while again and len(batch) < most:
                batch.append(again.popleft())
            now = environment.now
            while position < len(own) and len(batch) < most and written[position] <= now:
                batch.append(own[position])
                position += 1
            if batch:
                yield from self._deliver(batch)

    def _deliver(self, batch: list[int]) -> Events:
        """Deliver a batch until nothing in it failed, or its retries are used up."""
        environment = self.environment
        for attempt in range(self._labeller.retries + 1):
            if attempt:
                yield environment.timeout(self._pause)
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
            own, model = next(self._times)
            # Half of the labeller's time is before the call: reading and decoding.
            yield environment.timeout(own / 2)
            down = self._down[0] <= environment.now < self._down[1]
            start = None if down else endpoint.enter(environment.now)
            if start is None:
                failed.append(picture)
                continue
            yield environment.timeout(start + model)
            endpoint.leave(environment.now, start + model)
            yield environment.timeout(own / 2)
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
                lane = int(self._owner[picture])
                self._again[lane].append(picture)
                self._swept += 1
                if not self._woken[lane].triggered:
                    self._woken[lane].succeed()

    def result(self, submitted: int) -> Simulated:
        """Return what was found."""
        weight, done = self._weight, np.isfinite(self.labelled)
        quarter = self._seconds / 4
        # Until then, everything starts that is warm later.
        counts = done & (self._submitted >= (0 if self._load.burst else quarter))
        waits = self.labelled[counts] - self._submitted[counts]
        p50, p95 = np.percentile(waits, [50, 95]) if len(waits) else (math.inf, math.inf)
        late = int(np.count_nonzero(self.labelled[done] >= quarter))
        places = self._endpoint.places * self._seconds
        return Simulated(
            submitted=submitted * weight,
            throttled=self._admitted.throttled * weight,
            without_execution=self._admitted.without_execution * weight,
            without_write=self._admitted.without_write * weight,
            labelled=int(done.sum()) * weight,
            failed=self._failed * weight,
            waiting=(len(done) - int(done.sum()) - self._failed) * weight,
            refused_calls=self._endpoint.refused * weight,
            swept=self._swept * weight,
            throughput=late * weight / (self._seconds - quarter),
            p50=float(p50),
            p95=float(p95),
            drained=self._drained(),
            weight=weight,
            stream_use=min(1.0, self._busy / (self._lanes * self._seconds)),
            endpoint_use=min(1.0, self._endpoint.seconds / places),
        )

    def _drained(self) -> float:
        if not self._load.outage:
            return 0.0
        before = self.labelled[self._written < self._down[1]]
        return float(np.max(before, initial=self._down[1]) - self._down[1])
