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
        now = time.monotonic()
        self._tokens = min(self._size, self._tokens + (now - self._since) * self._rate)
        self._since = now
        if self._tokens < tokens:
            return False
        self._tokens -= tokens
        return True


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
            "invocations": 0,
            "calls": 0,
        }
        self.endpoint_seconds = 0.0
        self._api = Bucket(given["api_rate"], given["api_burst"])
        self._ramp = Bucket(given["ramp"], given["ramp_burst"])
        self._table = Bucket(given["table_writes"], given["table_writes"])
        self._submitting = self._environments = self._labelling = self._calls = 0
        self._idle: list[float] = []
        self._models = iter(given["model_seconds"])

    def begin_submit(self) -> float | None:
        """Let a submission in; return the seconds of its function's start, None if refused."""
        given = self.given
        if not self._api.take(1):
            self.counts["api"] += 1
            return None
        if self._submitting >= given["submit_executions"] or not self._account_has_room():
            self.counts["executions"] += 1
            return None
        start = 0.0
        if self._submitting + 1 > self._environments:
            if not self._ramp.take(1):
                self.counts["executions"] += 1
                return None
            self._environments += 1
            start = given["function_start"]
        self._submitting += 1
        return float(start)

    def end_submit(self) -> None:
        """Free its execution."""
        self._submitting -= 1

    def begin_labeller(self) -> bool:
        """Begin an invocation of the labeller; False where no execution is free."""
        if self._labelling >= self.given["label_executions"] or not self._account_has_room():
            self.counts["invocations"] += 1
            return False
        self._labelling += 1
        return True

    def end_labeller(self) -> None:
        """Free its execution."""
        self._labelling -= 1

    def _account_has_room(self) -> bool:
        return bool(self._submitting + self._labelling < self.given["account_executions"])

    def write(self, units: float, *, submission: bool) -> bool:
        """Take write units; False where the table is throttled."""
        if self._table.take(units):
            return True
        self.counts["table"] += submission
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
