"""What admits pictures: throttles, executions of the functions, and the table."""

import math

import numpy as np

from capacity.limits import Model
from capacity.load import Load
from capacity.service import Numbers

ROUNDING = 1e-9


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


class Executions:
    """The functions' executions: those that are reserved, and the account's for everybody else.

    Args:
        model: The application in its account.
        weight: Pictures that one simulated picture stands for.
    """

    def __init__(self, model: Model, weight: float) -> None:
        labeller = model.application.labeller.function.reserved
        submit = model.application.submit.function.reserved
        self._alone = (math.isfinite(submit), math.isfinite(labeller))
        reserved = sum(each for each in (submit, labeller) if math.isfinite(each))
        shared = (model.quota("lambda-concurrency") - reserved) / weight
        self._most = tuple(
            max(1.0, each / weight) if alone else max(1.0, shared)
            for each, alone in zip((submit, labeller), self._alone, strict=True)
        )
        limits = model.constants.limits
        adds, at_once = limits["lambda-ramp"].value, limits["lambda-ramp-burst"].value
        self._ramp = TokenBucket(adds / weight, at_once / weight)
        self._start = model.constants.assumed["function-start-seconds"]
        self._environments = 0
        self._taken = [0, 0]

    def submit(self, now: float) -> float | None:
        """Take an execution of SubmitImage: seconds of its start, or None where none is free."""
        if not self._has_room(0):
            return None
        start = 0.0
        if self._taken[0] + 1 > self._environments:
            if not self._ramp.take(now):
                return None
            self._environments += 1
            start = self._start
        self._taken[0] += 1
        return start

    def submitted(self) -> None:
        """Free an execution of SubmitImage."""
        self._taken[0] -= 1

    def label(self) -> bool:
        """Take an execution of the labeller; False where none is free."""
        if not self._has_room(1):
            return False
        self._taken[1] += 1
        return True

    def labelled(self) -> None:
        """Free an execution of the labeller."""
        self._taken[1] -= 1

    def _has_room(self, function: int) -> bool:
        if self._alone[function]:
            taken = self._taken[function]
        else:
            shares = zip(self._taken, self._alone, strict=True)
            taken = sum(each for each, alone in shares if not alone)
        return taken + 1 <= self._most[function]
