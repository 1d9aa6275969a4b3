"""What admits pictures: throttles, executions of the functions, and the table."""

import math
from collections.abc import Iterator

import numpy as np

from capacity.limits import DAY
from capacity.load import Load
from capacity.model import Model
from capacity.service import Numbers

ROUNDING = 1e-9

# When a submission is accepted, its number (None at the end of the time), and how many were refused
# since the one before.
type Arrival = tuple[float, int | None, int]


class TokenBucket:
    """Tokens that come at a rate, up to a number; the throttles of API Gateway and DynamoDB.

    Args:
        rate: Tokens a second.
        size: The most that there may be; the bucket is full at first.

    Attributes:
        tokens: How many there are, as of when it was last asked.
    """

    def __init__(self, rate: float, size: float) -> None:
        self.rate = rate
        self._size = size
        self.tokens = size
        self._since = 0.0

    def take(self, now: float, tokens: float = 1.0) -> bool:
        """Take tokens if there are enough; times never go back."""
        if not self.has(now, tokens):
            return False
        self.tokens -= tokens
        return True

    def has(self, now: float, tokens: float = 1.0) -> bool:
        """Return whether there are enough tokens."""
        if now > self._since:
            self.tokens = min(self._size, self.tokens + (now - self._since) * self.rate)
            self._since = now
        # A sum of fractions may be short of a whole by its rounding.
        return self.tokens + ROUNDING >= tokens

    def wait(self, now: float) -> float:
        """Return the seconds until there is a token."""
        return 0.0 if self.has(now) else (1.0 - self.tokens) / self.rate


class Writes:
    """Write units a second of an on-demand table or index, which double when a peak has lasted.

    Args:
        model: The application.
        units: Those that it has at first.
        most: Those that it never has more than.
        weight: Pictures that one simulated picture stands for.
    """

    def __init__(self, model: Model, units: float, most: float, weight: float) -> None:
        limits = model.constants.limits
        self._growth = limits["table-growth"].value
        self._every = limits["table-growth-seconds"].value
        self._most = most / weight
        units = min(units, most)
        self._bucket = TokenBucket(units / weight, units / weight)
        self._units, self._began = 0.0, 0.0

    def has(self, now: float, units: float) -> bool:
        """Return whether there are so many write units."""
        if now - self._began >= self._every:
            peak = self._units / (now - self._began)
            self._bucket.rate = min(self._most, max(self._bucket.rate, self._growth * peak))
            self._units, self._began = 0.0, now
        return self._bucket.has(now, units)

    def take(self, units: float) -> None:
        """Take write units that there are."""
        self._bucket.tokens -= units
        self._units += units


class Table:
    """The table and its index of pending rows: a write needs both.

    Args:
        model: The application.
        weight: Pictures that one simulated picture stands for.
    """

    def __init__(self, model: Model, weight: float) -> None:
        rows, index = model.table_share(0), model.index_share(0)
        quota = model.quota("table-quota")
        # No partition key of the index has more than the others, so that they are as one.
        keys = min(quota, model.partition_writes)
        self._rows = Writes(model, model.table_writes, quota, weight)
        self._index = Writes(model, model.index_writes, keys, weight)
        self._submission = (rows.submitted, index.submitted)
        self._label = (rows.labelled, index.labelled)
        self._touch = (rows.swept, index.swept)

    def submit(self, now: float) -> bool:
        """Write a submission if there are write units for it."""
        return self._write(now, self._submission)

    def label(self, now: float) -> bool:
        """Write a label if there are write units for it."""
        return self._write(now, self._label)

    def touch(self, now: float) -> bool:
        """Send a picture through the stream again if there are write units for it."""
        return self._write(now, self._touch)

    def _write(self, now: float, units: tuple[float, float]) -> bool:
        rows, index = units
        if not (self._rows.has(now, rows) and self._index.has(now, index)):
            return False
        self._rows.take(rows)
        self._index.take(index)
        return True


class Api:
    """The API's throttle of submissions, and the daily quota of its key.

    Args:
        model: The application in its account.
        weight: Pictures that one simulated picture stands for.
    """

    def __init__(self, model: Model, weight: float) -> None:
        submit, assumed = model.application.submit, model.constants.assumed
        # A region's requests are shared with the look-ups.
        rate = min(submit.rate, model.quota("api-rate") / (1 + assumed["look-ups"]))
        self._bucket = TokenBucket(rate / weight, max(1.0, submit.burst / weight))
        self._quota, self._today, self._day = submit.quota / weight, 0, 0.0

    def accepts(self, now: float) -> bool:
        """Return whether a submission is accepted."""
        if self._quota_left(now) < 1 or not self._bucket.take(now):
            return False
        self._today += 1
        return True

    def at_once(self, number: int) -> int:
        """Return how many submissions are accepted that come at once at the start."""
        few = math.floor(min(number, self._quota_left(0), self._bucket.tokens + ROUNDING))
        self._bucket.take(0, few)
        self._today += few
        return few

    def wait(self, now: float) -> float:
        """Return for how many seconds every submission is refused from now on."""
        until_token = self._bucket.wait(now)
        return until_token if self._quota_left(now) >= 1 else self._day + DAY - now

    def _quota_left(self, now: float) -> float:
        if now >= self._day + DAY:
            self._day, self._today = now // DAY * DAY, 0
        return self._quota - self._today


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


def accepted(api: Api, times: Numbers, seconds: float) -> Iterator[Arrival]:
    """Yield the submissions that the API accepts.

    Args:
        api: The API.
        times: When submissions come, in seconds.
        seconds: When the last has come.
    """
    refused = 0
    for number, now in enumerate(times.tolist()):
        if api.accepts(now):
            yield now, number, refused
            refused = 0
        else:
            refused += 1
    yield seconds, None, refused


def drawn(
    api: Api, load: Load, seconds: float, weight: float, source: np.random.Generator
) -> Iterator[Arrival]:
    """Draw the same, without drawing what is surely refused.

    The next submission of a Poisson process is as far away at any time, so that those which come
    while there is no token need only be counted.

    Args:
        api: The API.
        load: What comes in.
        seconds: For how long.
        weight: Pictures that one simulated picture stands for.
        source: The source of randomness.
    """
    rate, burst = load.rate / weight, round(load.burst / weight)
    gaps = _gaps(source, 1 / rate)
    number, now = api.at_once(burst), 0.0
    for each in range(number):
        yield now, each, 0
    refused = burst - number
    while True:
        skipped = min(api.wait(now), seconds - now)
        refused += int(source.poisson(rate * skipped)) if skipped else 0
        now += skipped + next(gaps)
        if now >= seconds:
            break
        if api.accepts(now):
            yield now, number, refused
            number, refused = number + 1, 0
        else:
            refused += 1
    yield seconds, None, refused


def _gaps(source: np.random.Generator, mean: float) -> Iterator[float]:
    while True:
        yield from source.exponential(mean, 4096).tolist()


class Warm:
    """What has to start before it is used first, and is kept for a time: containers, environments.

    Args:
        seconds: How long a start takes.
        kept: Seconds for which an idle one is kept.
    """

    def __init__(self, seconds: float, kept: float) -> None:
        self._seconds, self._kept = seconds, kept
        self._idle: list[float] = []

    def has(self, now: float) -> bool:
        """Return whether one is idle."""
        if self._idle and now - self._idle[-1] > self._kept:
            self._idle.clear()
        return bool(self._idle)

    def start(self, now: float) -> float:
        """Take one, and return the seconds of its start."""
        if self.has(now):
            self._idle.pop()
            return 0.0
        return self._seconds

    def leave(self, now: float) -> None:
        """Give one back."""
        self._idle.append(now)


class _Function:
    """A function's executions.

    Attributes:
        taken: How many there are now.
        alone: Whether it has reserved ones.
    """

    def __init__(self, model: Model, reserved: float, shared: float, weight: float) -> None:
        limits, assumed = model.constants.limits, model.constants.assumed
        self.taken, self.alone = 0, math.isfinite(reserved)
        self.most = max(1.0, reserved / weight if self.alone else shared)
        self._warm = Warm(assumed["function-start-seconds"], assumed["warm-seconds"])
        adds, at_once = limits["lambda-ramp"].value, limits["lambda-ramp-burst"].value
        self._ramp = TokenBucket(adds / weight, max(1.0, at_once / weight))

    def begin(self, now: float) -> float | None:
        if not self._warm.has(now) and not self._ramp.take(now):
            return None
        self.taken += 1
        return self._warm.start(now)

    def end(self, now: float) -> None:
        self.taken -= 1
        self._warm.leave(now)


class Executions:
    """The functions' executions: those that are reserved, and the account's for everybody else.

    Look-ups are too many to be simulated one by one: their mean number is taken of the account's.

    Args:
        model: The application in its account.
        rate: Pictures a second that are accepted, and looked up.
        weight: Pictures that one simulated picture stands for.
    """

    def __init__(self, model: Model, rate: float, weight: float) -> None:
        application, assumed = model.application, model.constants.assumed
        shared = model.unreserved
        if math.isinf(application.look_up.function.reserved):
            shared -= rate * assumed["look-ups"] * assumed["look-up-seconds"]
        shared /= weight
        self._submit, self._label = (
            _Function(model, each.function.reserved, shared, weight)
            for each in (application.submit, application.labeller)
        )
        self._shared, self._sweeping = max(1.0, shared), 0.0
        # There is one sweep, however many pictures a simulated one stands for.
        self._sweep = 1 / weight

    def submit(self, now: float) -> float | None:
        """Take an execution of SubmitImage: seconds of its start, or None where none is free."""
        return self._begin(self._submit, now)

    def submitted(self, now: float) -> None:
        """Free an execution of SubmitImage."""
        self._submit.end(now)

    def label(self, now: float) -> float | None:
        """Take an execution of the labeller: seconds of its start, or None where none is free."""
        return self._begin(self._label, now)

    def labelled(self, now: float) -> None:
        """Free an execution of the labeller."""
        self._label.end(now)

    def sweep(self) -> bool:
        """Take an execution of the sweep; False where none is free."""
        if self._taken + self._sweep > self._shared:
            return False
        self._sweeping = self._sweep
        return True

    def swept(self) -> None:
        """Free the execution of the sweep."""
        self._sweeping = 0.0

    @property
    def _taken(self) -> float:
        functions = (self._submit, self._label)
        return self._sweeping + sum(each.taken for each in functions if not each.alone)

    def _begin(self, function: _Function, now: float) -> float | None:
        taken = function.taken if function.alone else self._taken
        return function.begin(now) if taken + 1 <= function.most else None
