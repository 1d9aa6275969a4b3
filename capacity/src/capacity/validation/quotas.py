"""AWS's quotas, enforced by the clock: what the proxy refuses, and what it counts."""

import time
from collections.abc import Mapping
from typing import Any


class Bucket:
    """A token bucket by the monotonic clock.

    Args:
        rate: Tokens a second.
        size: The most that there may be; it is full at first.
    """

    def __init__(self, rate: float, size: float) -> None:
        self._rate, self._size = rate, size
        self._tokens, self._since = size, time.monotonic()

    def take(self, tokens: float) -> bool:
        """Take tokens if there are enough."""
        if not self.has(tokens):
            return False
        self._tokens -= tokens
        return True

    def has(self, tokens: float) -> bool:
        """Return whether there are enough tokens."""
        now = time.monotonic()
        self._tokens = min(self._size, self._tokens + (now - self._since) * self._rate)
        self._since = now
        return self._tokens >= tokens


class Function:
    """The executions of one function.

    Args:
        given: The quotas by name.
        most: Executions at once.

    Attributes:
        taken: How many there are now.
    """

    def __init__(self, given: Mapping[str, Any], most: float) -> None:
        self._start, self._most = float(given["function_start"]), most
        self._ramp = Bucket(given["ramp"], given["ramp_burst"])
        self._environments = self.taken = 0

    def begin(self) -> float | None:
        """Take an execution; return the seconds of its start, None where none is free."""
        if self.taken >= self._most:
            return None
        start = 0.0
        if self.taken >= self._environments:
            if not self._ramp.take(1):
                return None
            self._environments += 1
            start = self._start
        self.taken += 1
        return start


class Quotas:
    """The quotas of one scenario, and what they have refused.

    Args:
        given: The quotas by name, as `scenarios.Scenario.quotas` has them.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.counts = {
            "api": 0,
            "executions": 0,
            "table": 0,
            "endpoint": 0,
            "calls": 0,
        }
        self.endpoint_seconds = 0.0
        self._api = Bucket(given["api_rate"], given["api_burst"])
        self._writes = [
            Bucket(given[each], given[each]) for each in ("table_writes", "index_writes")
        ]
        self._functions = {
            name: Function(given, given[f"{name}_executions"])
            for name in ("submit", "labeller", "sweep")
        }
        self._calls = 0
        self._idle: list[float] = []
        self._models = iter(given["model_seconds"])

    def begin_submit(self) -> float | None:
        """Let a submission in; return the seconds of its function's start, None if refused."""
        if not self._api.take(1):
            self.counts["api"] += 1
            return None
        start = self.begin("submit")
        if start is None:
            self.counts["executions"] += 1
        return start

    def begin(self, function: str) -> float | None:
        """Begin an execution; return the seconds of its start, None where none is free."""
        taken = sum(each.taken for each in self._functions.values())
        if taken >= self.given["account_executions"]:
            return None
        return self._functions[function].begin()

    def end(self, function: str) -> None:
        """Free an execution."""
        self._functions[function].taken -= 1

    def write(self, what: str) -> bool:
        """Take the write units of what is written; False where the table or its index has none."""
        pairs = list(zip(self._writes, self.given["units"][what], strict=True))
        if all(bucket.has(units) for bucket, units in pairs):
            for bucket, units in pairs:
                bucket.take(units)
            return True
        self.counts["table"] += what == "submitted"
        return False

    def begin_call(self) -> tuple[float, float] | None:
        """Begin a call of the endpoint: seconds of a start and of the model; None if refused."""
        given, now = self.given, time.monotonic()
        since = now - given["begins"]
        down = given["down_from"] <= since < given["down_until"]
        if down or self._calls >= given["endpoint_places"]:
            self.counts["endpoint"] += not down
            return None
        self._calls += 1
        start = float(given["endpoint_start"])
        if self._calls <= given["provisioned"]:
            start = 0.0
        elif self._idle and now - self._idle[-1] <= given["warm"]:
            self._idle.pop()
            start = 0.0
        return start, float(next(self._models))

    def end_call(self, seconds: float) -> None:
        """Free its place."""
        self._calls -= 1
        self.counts["calls"] += 1
        self.endpoint_seconds += seconds
        self._idle.append(time.monotonic())
