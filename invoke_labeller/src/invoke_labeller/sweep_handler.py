"""The handler of the sweep: on a schedule, or on command with `{"olderThanSeconds": 0}`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from invoke_labeller.sweep import Sweep

# What one row takes at worst, by the timeouts in `clients`: two writes, and a page of the index.
RESERVED_MILLISECONDS = 30_000
MAX_SECONDS = 10 * 365 * 86_400

type Handler = Callable[[object, LambdaContext], dict[str, Any]]


class SweepError(Exception):
    """Some rows could not be swept; the others were."""


def create(sweep: Sweep, sweep_after: timedelta, logger: Logger, metrics: Metrics) -> Handler:
    """Make the function that Lambda calls.

    It answers `{"Swept": n, "Failed": m}`: how many pictures were sent through the stream again,
    and how many were given up.
    """

    @logger.inject_lambda_context
    def handle(event: object, context: LambdaContext) -> dict[str, Any]:
        older_than = _older_than(event, sweep_after)
        if older_than is None:
            return _PROBLEM
        swept = sweep.run(
            older_than, lambda: context.get_remaining_time_in_millis() > RESERVED_MILLISECONDS
        )
        metrics.add_metric("ImagesSwept", MetricUnit.Count, swept.touched)
        metrics.add_metric("ImagesAbandoned", MetricUnit.Count, swept.abandoned)
        metrics.flush_metrics()
        logger.info("Swept", extra={"swept": swept.touched, "abandoned": swept.abandoned})
        if swept.errors:
            logger.error("Rows could not be swept", extra={"errors": swept.errors})
            raise SweepError(f"{len(swept.errors)} rows or shards could not be swept")
        return {"Swept": swept.touched, "Failed": swept.abandoned}

    return handle


_PROBLEM = {
    "type": "urn:imagelabeller:problem:invalid-request",
    "title": "Invalid request",
    "status": 400,
    "detail": f"olderThanSeconds must be a whole number from 0 to {MAX_SECONDS}.",
}


def _older_than(event: object, default: timedelta) -> timedelta | None:
    if not isinstance(event, dict) or "olderThanSeconds" not in event:
        return default
    seconds = event["olderThanSeconds"]
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= MAX_SECONDS:
        return None
    return timedelta(seconds=seconds)
