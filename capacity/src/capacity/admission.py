"""Which submissions are admitted, and when their rows are in the stream."""

import heapq
from dataclasses import dataclass

import numpy as np

from capacity.limits import Model
from capacity.load import Load
from capacity.service import Numbers

ROUNDING = 1e-9


@dataclass(frozen=True)
class Admitted:
    """What became of the submissions.

    Attributes:
        submitted: When each admitted picture was submitted, in seconds.
        written: When its row was written, in the same order.
        throttled: How many the API's throttle refused.
        without_execution: How many found no free execution of the function.
        without_write: How many the table did not take.
    """

    submitted: Numbers
    written: Numbers
    throttled: int
    without_execution: int
    without_write: int


class TokenBucket:
    """Tokens that come at a rate, up to a number; the throttles of API Gateway and DynamoDB.

    Args:
        rate: Tokens a second.
        size: The most that there may be; the bucket is full at first.
    """

    def __init__(self, rate: float, size: float) -> None:
        self.rate = rate
        self._size = size
        self._tokens = size
        self._since = 0.0

    def take(self, now: float, tokens: float = 1.0) -> bool:
        """Take tokens if there are enough; times never go back."""
        self._tokens = min(self._size, self._tokens + (now - self._since) * self.rate)
        self._since = now
        # A sum of fractions may be short of a whole by its rounding.
        if self._tokens + ROUNDING < tokens:
            return False
        self._tokens -= tokens
        return True


class OnDemandTable:
    """A table's writes a second, which double when a peak has lasted.

    Args:
        model: The application.
        weight: Pictures that one simulated picture stands for.
    """

    def __init__(self, model: Model, weight: float) -> None:
        limits = model.constants.limits
        self._growth = limits["table-growth"].value
        self._every = limits["table-growth-seconds"].value
        self._most = limits["table-quota"].value / weight
        rate = model.table_writes / weight
        self._bucket = TokenBucket(rate, rate)
        self._units, self._began = 0.0, 0.0

    def take(self, now: float, units: float) -> bool:
        """Take write units if the table has them."""
        if now - self._began >= self._every:
            peak = self._units / (now - self._began)
            self._bucket.rate = min(self._most, max(self._bucket.rate, self._growth * peak))
            self._units, self._began = 0.0, now
        if not self._bucket.take(now, units):
            return False
        self._units += units
        return True


def arrivals(load: Load, seconds: float, weight: float, source: np.random.Generator) -> Numbers:
    """Draw when pictures are submitted: a Poisson process, with the burst at once at the start.

    Args:
        load: What comes in.
        seconds: For how long.
        weight: Pictures that one simulated picture stands for.
        source: The source of randomness.
    """
    number = source.poisson(load.rate * seconds / weight)
    times = np.sort(source.uniform(0, seconds, number))
    return np.concatenate([np.zeros(round(load.burst / weight)), times])


def admit(model: Model, times: Numbers, weight: float, source: np.random.Generator) -> Admitted:
    """Let submissions pass the API, the function and the table.

    The labeller's executions are kept free of the account's: it is served first by its shards.

    Args:
        model: The application in its account.
        times: When pictures are submitted, in order.
        weight: Pictures that one simulated picture stands for.
        source: The source of randomness.
    """
    submit, assumed = model.application.submit, model.constants.assumed
    limits = model.constants.limits
    bucket = TokenBucket(submit.rate / weight, max(1.0, submit.burst / weight))
    adds, at_once = limits["lambda-ramp"].value, limits["lambda-ramp-burst"].value
    ramp = TokenBucket(adds / weight, at_once / weight)
    free = model.quota("lambda-concurrency") - model.lanes
    most = max(1.0, min(submit.function.reserved, free) / weight)
    table = OnDemandTable(model, weight)
    seconds = model.service.draw(source, assumed["submit-seconds"], len(times))
    start, units = assumed["function-start-seconds"], assumed["table-writes"]
    busy: list[float] = []
    environments = 0
    submitted: list[float] = []
    written: list[float] = []
    refused = [0, 0, 0]
    for now, takes in zip(times.tolist(), seconds.tolist(), strict=True):
        while busy and busy[0] <= now:
            heapq.heappop(busy)
        if not bucket.take(now):
            refused[0] += 1
            continue
        cold = 0.0
        if len(busy) + 1 > environments:
            if len(busy) + 1 > most or not ramp.take(now):
                refused[1] += 1
                continue
            environments, cold = environments + 1, start
        # The row's write, and later that of its label.
        if not table.take(now, units):
            refused[2] += 1
            continue
        heapq.heappush(busy, now + cold + takes)
        submitted.append(now)
        written.append(now + cold + takes)
    return Admitted(np.array(submitted), np.array(written), *refused)
