"""Simulates the application event by event: batches, threads, refusals, retries and sweeps."""

import heapq
import itertools
import math
from array import array
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from capacity.admission import (
    Api,
    Arrival,
    Executions,
    Table,
    TokenBucket,
    Warm,
    accepted,
    arrivals,
    drawn,
)
from capacity.load import Load
from capacity.model import Model
from capacity.service import SEED, Numbers

# The fewest batches at once, and places of the endpoint, that stand for all of them; and the fewest
# where MANY times as many pictures would be simulated otherwise as should be.
FEW, FEWEST = 8, 2
MANY = 10
# What is refused less often is a fluctuation.
NOTICEABLE = 0.02
# What is as busy has a queue or refuses.
SATURATED = 0.9
# Doubled so often, a wait is longer than any.
HIGHEST_POWER = 16
# How long botocore's standard retries wait before the first of them, at most.
LONGEST_BACKOFF = 1.0

type Events = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Bounds:
    """How much is simulated at most.

    Attributes:
        pictures: So many pictures are simulated one by one; of more, each stands for several, as
            far as there are enough batches and places.
        events: After so many events the simulation ends.
    """

    pictures: int = 100_000
    # A minute of processor time.
    events: int = 10_000_000


BOUNDS = Bounds()


@dataclass(frozen=True)
class Simulated:
    """What a simulation found; each number counts pictures of the application, not simulated ones.

    Attributes:
        seconds: How many seconds were simulated: fewer than asked for where those would have taken
            too many events.
        submitted: Pictures that were submitted.
        throttled: Those that the API refused.
        without_execution: Those that found no free execution.
        without_object: Those that the bucket did not take.
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

    seconds: float
    submitted: float
    throttled: float
    without_execution: float
    without_object: float
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
        refused = {
            "api": self.throttled,
            "executions": self.without_execution,
            "bucket": self.without_object,
            "table": self.without_write,
        }
        return bottleneck(refused, self.submitted, self.stream_use, self.endpoint_use)


def bottleneck(
    refused: Mapping[str, float], submitted: float, stream_use: float, endpoint_use: float
) -> str:
    """Return what limits: what refuses most before the stream, or what is busiest after it.

    Args:
        refused: By what refused them, pictures that are not in the stream.
        submitted: Pictures that were submitted.
        stream_use: Share of the time that the batches' lanes were busy.
        endpoint_use: Share of the endpoint's places that were taken.
    """
    most = max(refused, key=lambda name: refused[name])
    if refused[most] > NOTICEABLE * submitted:
        return most
    # Batches that wait for the endpoint are busy, too.
    return "endpoint" if endpoint_use >= min(stream_use, SATURATED) else "stream"


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
    model: Model,
    load: Load,
    seconds: float,
    bounds: Bounds = BOUNDS,
    times: Times | None = None,
) -> Simulated:
    """Simulate a load, and the outage from a quarter of the time on.

    Args:
        model: The application in its account.
        load: What comes in.
        seconds: How long it is simulated.
        bounds: How much is simulated at most.
        times: Service times; they are drawn where none are given.
    """
    weight = _weight(model, load, seconds, bounds.pictures)
    source = np.random.default_rng(SEED)
    api = Api(model, weight)
    if times:
        found = accepted(api, arrivals(load, seconds, weight, source), seconds)
        source = np.random.default_rng([SEED, times.seed])
    else:
        found = drawn(api, load, seconds, weight, np.random.default_rng([SEED, 0]))
    run = _Run(model, found, load, _Frame(seconds, weight, times), source)
    run.run(bounds.events)
    return run.result()


def _weight(model: Model, load: Load, seconds: float, budget: int) -> float:
    """Return how many pictures one stands for: whole batches at once, and not too few places."""
    submit = model.application.submit
    whole = min(load.rate, submit.rate) * seconds + min(load.burst, submit.burst)
    most = min(model.lanes, model.slots)
    weight = min(whole / budget, most / FEW)
    if whole > weight * MANY * budget:
        weight = min(whole / (MANY * budget), most / FEWEST)
    return model.lanes / math.ceil(model.lanes / max(1.0, weight))


@dataclass(frozen=True)
class _Frame:
    """How long is simulated, how many pictures one stands for, and the times that are given."""

    seconds: float
    weight: float
    times: Times | None


class _Endpoint:
    """Places for calls, and containers that have to start; for those of instances, calls wait."""

    def __init__(self, environment: simpy.Environment, model: Model, weight: float) -> None:
        self._environment = environment
        self._waiting: deque[simpy.Event] = deque()
        self.places = max(1, round(model.slots / weight))
        self.busy, self.refused, self.seconds = 0, 0, 0.0
        endpoint, assumed = model.application.endpoint, model.constants.assumed
        self._always = endpoint.provisioned / weight if endpoint.serverless else math.inf
        self._serverless = endpoint.serverless
        self._warm = Warm(assumed["endpoint-start-seconds"], assumed["warm-seconds"])

    def enter(self) -> Generator[simpy.Event, Any, float | None]:
        """Take a place; return the seconds of a start, or None where the call is refused."""
        if self.busy >= self.places:
            if self._serverless:
                self.refused += 1
                return None
            free = self._environment.event()
            self._waiting.append(free)
            yield free
        self.busy += 1
        return 0.0 if self.busy <= self._always else self._warm.start(self._environment.now)

    def leave(self, seconds: float) -> None:
        """Give the place back."""
        self.busy -= 1
        self.seconds += seconds
        self._warm.leave(self._environment.now)
        if self._waiting:
            self._waiting.popleft().succeed()


class _End(Exception):  # noqa: N818 # no error: the time is over
    """Ends a simulation."""


class _Run:
    """One simulation under way. A picture is its number in the order of those that are accepted."""

    def __init__(
        self,
        model: Model,
        coming: Iterator[Arrival],
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
        self._endpoint = _Endpoint(self.environment, model, weight)
        self._poll = model.constants.behaviour["stream-poll-seconds"].value
        self._pause = model.constants.behaviour["stream-retry-seconds"].value
        self._coming = coming
        self._submitted, self._written, self.labelled = array("d"), array("d"), array("d")
        self._attempts, self._owner = array("i"), array("i")
        rate = min(load.rate, model.application.submit.rate)
        self._executions = Executions(model, rate, weight)
        self._table = Table(model, weight)
        puts = model.constants.limits["bucket-puts"].value / weight
        self._bucket = TokenBucket(puts, puts)
        self._throttled_calls = self._throttled_later = self._without_execution = 0
        self._without_object = self._without_write = 0
        self._failed = self._swept = 0
        self._touch = model.touch * weight
        self._missed: list[tuple[float, int]] = []
        self._due: list[int] = []
        self._sent: dict[int, float] = {}
        self._busy = 0.0
        # There may be more batches than executions: they wait for one.
        self._lanes = max(1, round(model.batches / weight))
        self._at_once = max(1, round(model.lanes / weight))
        self._throttled = model.constants.behaviour["stream-throttled-seconds"].value
        self._queues: list[deque[int]] = [deque() for _ in range(self._lanes)]
        self._woken = [self.environment.event() for _ in range(self._lanes)]
        times = frame.times
        if times:
            self._own, self._models = iter(times.own), iter(times.model)
            self._takes: Callable[[int], float] = times.submit.__getitem__
            self._chosen: Callable[[int], int] = times.lanes.__getitem__
        else:
            takes = self._drawn(model.constants.assumed["submit-seconds"])
            owners = self._owners()
            self._takes, self._chosen = lambda _: next(takes), lambda _: next(owners)
            self._own = self._drawn(self._service.picture)
            self._models = self._drawn(self._service.model)
        self.environment.process(self._submissions())
        for lane in range(self._lanes):
            self.environment.process(self._lane(lane))
        self.environment.process(self._sweeps())

    def run(self, events: int) -> None:
        """Simulate until the time is over, or so many events have been simulated."""
        environment = self.environment
        environment.timeout(self._seconds).callbacks.append(self._end)
        try:
            for _ in range(events):
                environment.step()
        except _End:
            # The end comes just before what is counted then.
            self._throttled_calls += self._throttled_later
            return
        self._seconds = environment.now

    @staticmethod
    def _end(_event: simpy.Event) -> None:
        raise _End

    def _submissions(self) -> Events:
        """Let submissions pass the function, and write their rows."""
        environment = self.environment
        for moment, number, refused in self._coming:
            self._throttled_later = refused
            # An event even for those that come at once, so that they are counted.
            yield environment.timeout(max(0.0, moment - environment.now))
            self._throttled_calls += refused
            self._throttled_later = 0
            if number is None:
                return
            picture = len(self._submitted)
            self._submitted.append(moment)
            self._written.append(math.inf)
            self.labelled.append(math.inf)
            self._attempts.append(0)
            self._owner.append(self._chosen(number))
            start = self._executions.submit(moment)
            if start is None:
                self._without_execution += 1
                continue
            ends = environment.timeout(start + self._takes(number), picture)
            ends.callbacks.append(self._write)

    def _write(self, ends: simpy.Event) -> None:
        picture, now = int(ends.value), self.environment.now
        self._executions.submitted(now)
        if not self._bucket.take(now):
            self._without_object += 1
        elif self._table.submit(now):
            self._written[picture] = now
            self._enqueue(picture)
        else:
            self._without_write += 1

    def _enqueue(self, picture: int) -> None:
        lane = self._owner[picture]
        self._queues[lane].append(picture)
        if not self._woken[lane].triggered:
            self._woken[lane].succeed()

    def _drawn(self, mean: float) -> Iterator[float]:
        """Yield seconds of one picture after another."""
        while True:
            yield from self._service.draw(self._source, mean, 4096).tolist()

    def _owners(self) -> Iterator[int]:
        """Yield in which lane one picture after another is."""
        while True:
            yield from self._source.integers(0, self._lanes, 4096).tolist()

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
            while (start := self._executions.label(environment.now)) is None:
                yield environment.timeout(self._throttled)
            began = environment.now
            yield environment.timeout(start + self._service.batch)
            todo, failed = deque(batch), list[int]()
            workers = min(self._labeller.threads, len(batch))
            yield environment.all_of(
                [environment.process(self._thread(todo, failed)) for _ in range(workers)]
            )
            computed = len(batch) * self._service.cpu / self._service.processors
            if environment.now - began < computed:
                yield environment.timeout(computed - (environment.now - began))
            self._executions.labelled(environment.now)
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
            start = None if down else (yield from endpoint.enter())
            if start is None:
                failed.append(picture)
                continue
            model = next(self._models)
            yield environment.timeout(start + model)
            endpoint.leave(start + model)
            yield environment.timeout(own / 2)
            if not self._table.label(environment.now):
                # The labeller's client tries once more before the record is delivered again.
                yield environment.timeout(self._source.uniform(0, LONGEST_BACKOFF))
                if not self._table.label(environment.now):
                    failed.append(picture)
                    continue
            self.labelled[picture] = environment.now

    def _miss(self, picture: int) -> None:
        attempts = self._attempts[picture]
        self._attempts[picture] = attempts + 1
        # It waits as long before the second attempt of the sweep as before the first.
        doubled = 2 ** min(max(0, attempts - 1), HIGHEST_POWER)
        wait = min(self._sweep.after * doubled, self._sweep.longest)
        age = self.environment.now - self._written[picture]
        since = self._sent.pop(picture, self._written[picture])
        if age > self._sweep.give_up:
            self._failed += 1
        else:
            heapq.heappush(self._missed, (since + wait, picture))

    def _sweeps(self) -> Events:
        environment, every = self.environment, self._sweep.every
        limit, read = (
            max(1, round(each / self._weight)) for each in (self._sweep.limit, self._sweep.read)
        )
        for run in itertools.count(1):
            yield environment.timeout(max(0.0, run * every - environment.now))
            while not self._executions.sweep():
                yield environment.timeout(self._throttled)
            while self._missed and self._missed[0][0] < environment.now and len(self._due) < read:
                self._due.append(heapq.heappop(self._missed)[1])
            yield from self._sweep_up(limit)
            self._executions.swept()

    def _sweep_up(self, limit: int) -> Events:
        """Send some of what is due through the stream again, whichever has waited longest."""
        environment, due = self.environment, self._due
        for _ in range(min(limit, len(due))):
            yield environment.timeout(self._touch)
            # What the table does not take is due in the next run, too.
            if self._table.touch(environment.now):
                one = int(self._source.integers(len(due)))
                due[one], due[-1] = due[-1], due[one]
                picture = due.pop()
                self._sent[picture] = environment.now
                self._swept += 1
                self._enqueue(picture)

    def result(self) -> Simulated:
        """Return what was found."""
        refused = self._without_execution + self._without_object + self._without_write
        submitted, labelled = np.array(self._submitted), np.array(self.labelled)
        weight, done = self._weight, np.isfinite(labelled)
        quarter = self._seconds / 4
        # Until then, everything starts that is warm later.
        counts = done & (submitted >= (0 if self._load.burst else quarter))
        waits = labelled[counts] - submitted[counts]
        p50, p95 = np.percentile(waits, [50, 95]) if len(waits) else (math.inf, math.inf)
        late = int(np.count_nonzero(labelled[done] >= quarter))
        # A burst may take all events, and then no time has passed.
        elapsed = self._seconds or math.inf
        return Simulated(
            seconds=self._seconds,
            submitted=(len(done) + self._throttled_calls) * weight,
            throttled=self._throttled_calls * weight,
            without_execution=self._without_execution * weight,
            without_object=self._without_object * weight,
            without_write=self._without_write * weight,
            labelled=int(done.sum()) * weight,
            failed=self._failed * weight,
            waiting=(len(done) - refused - int(done.sum()) - self._failed) * weight,
            refused_calls=self._endpoint.refused * weight,
            swept=self._swept * weight,
            throughput=late * weight / (elapsed - quarter),
            p50=float(p50),
            p95=float(p95),
            drained=self._drained(labelled),
            weight=weight,
            stream_use=min(1.0, self._busy / (self._at_once * elapsed)),
            endpoint_use=min(1.0, self._endpoint.seconds / (self._endpoint.places * elapsed)),
        )

    def _drained(self, labelled: Numbers) -> float:
        if not self._load.outage:
            return 0.0
        # What ended before the outage did has not seen what it left behind.
        if self._seconds < self._down[1]:
            return math.inf
        before = labelled[np.array(self._written) < self._down[1]]
        return float(np.max(before, initial=self._down[1]) - self._down[1])
