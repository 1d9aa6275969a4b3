"""The handler of the sweep: on a schedule, or on command; see `commands`."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from invoke_labeller.commands import (
    RequeueCommand,
    SweepCommand,
    document,
    parse,
)
from invoke_labeller.errors import TransientError
from invoke_labeller.requeue import Requeue, Requeued
from invoke_labeller.sweep import Sweep
from lambda_common.problems import InvalidRequest

# What one row takes at worst, by the timeouts in `clients`: three writes, and a page of the index.
RESERVED_MILLISECONDS = 40_000

type Handler = Callable[[object, LambdaContext], dict[str, Any]]


class SweepError(Exception):
    """Some rows could not be swept or requeued; the others were."""


def create_handler(sweep: Sweep, requeue: Requeue, logger: Logger, metrics: Metrics) -> Handler:
    """Make the function that Lambda calls.

    It answers `{"Swept": n, "Failed": m}`: how many pictures were sent through the stream again,
    and how many were given up. A command to requeue is answered with `{"Requeued": n,
    "Skipped": m, "Next": ...}`, where `Next` is the command that goes on, or null.
    """

    def sweep_up(command: SweepCommand, has_time: Callable[[], bool]) -> dict[str, Any]:
        swept = sweep.run(command.older_than, has_time)
        metrics.add_metric("ImagesSwept", MetricUnit.Count, swept.touched)
        metrics.add_metric("ImagesAbandoned", MetricUnit.Count, swept.abandoned)
        metrics.flush_metrics()
        logger.info("Swept", extra={"swept": swept.touched, "abandoned": swept.abandoned})
        _raise_for(swept.errors, logger)
        return {"Swept": swept.touched, "Failed": swept.abandoned}

    def requeue_some(command: RequeueCommand, has_time: Callable[[], bool]) -> dict[str, Any]:
        image_id = command.image_id
        try:
            done = (
                requeue.one(image_id) if image_id else requeue.several(command.selection, has_time)
            )
        except TransientError as error:
            done = Requeued(errors=[str(error)])
        metrics.add_metric("ImagesRequeued", MetricUnit.Count, done.requeued)
        metrics.flush_metrics()
        asked = {"imageId": image_id} if image_id else document(command.selection, "")["requeue"]
        logger.info(
            "Requeued",
            extra={
                "requeued": done.requeued,
                "skipped": done.skipped,
                "asked": asked,
                "by": command.by,
            },
        )
        _raise_for(done.errors, logger)
        rest = document(done.rest, command.by) if done.rest else None
        return {"Requeued": done.requeued, "Skipped": done.skipped, "Next": rest}

    @logger.inject_lambda_context
    def handler(event: object, context: LambdaContext) -> dict[str, Any]:
        def has_time() -> bool:
            return context.get_remaining_time_in_millis() > RESERVED_MILLISECONDS

        try:
            command = parse(event)
        except InvalidRequest as problem:
            return problem.document()
        # Lambda counts every run: manual ones would hide that the schedule has stopped.
        if isinstance(event, dict) and event.get("caller") == "schedule":
            metrics.add_metric("ScheduledSweeps", MetricUnit.Count, 1)
            metrics.flush_metrics()
        if isinstance(command, RequeueCommand):
            return requeue_some(command, has_time)
        return sweep_up(command, has_time)

    return handler


def _raise_for(errors: list[str], logger: Logger) -> None:
    if errors:
        logger.error("Rows could not be written or read", extra={"errors": errors})
        raise SweepError(f"{len(errors)} rows or shards could not be written or read: run it again")
