"""The handler of a function behind API Gateway: finds the route, calls it, answers, counts, logs.

A route is looked up by its method and path, as openapi.yml has them. Powertools' resolver could do
as much, for several times what a function's start takes.
"""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambda_common.callers import SYSTEM_TESTS, SystemTests
from lambda_common.problems import InternalError, InvalidRequest, Problem
from lambda_common.redaction import redacted
from lambda_common.request import Request
from lambda_common.responses import Response

type Handler = Callable[[object, LambdaContext], dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What may become of a request: the metric that counts it, and the message that is logged."""

    metric: str
    message: str


@dataclass(frozen=True)
class Outcomes:
    """What may become of the requests of a route.

    Attributes:
        done: Answered as it was asked.
        refused: Answered with a 4xx.
        failed: Answered with a 5xx.
        received: The metric of all of them together; none if empty.
        counts_reasons: Whether refusals are counted by their problem's type, too.
    """

    done: Outcome
    refused: Outcome
    failed: Outcome
    received: str = ""
    counts_reasons: bool = False


class Route(Protocol):
    """One route of the API."""

    @property
    def outcomes(self) -> Outcomes:
        """How its requests are counted and logged."""
        ...

    def __call__(self, request: Request) -> Response:
        """Do what is asked, or raise a Problem."""
        ...


def create_handler(
    routes: Mapping[str, Route],
    direct: Route,
    system_tests: SystemTests,
    logger: Logger,
    metrics: Metrics,
) -> Handler:
    """Make the function that Lambda calls.

    Args:
        routes: The routes, by method and path: `GET /submit-image`.
        direct: The route that a direct invocation takes.
        system_tests: Who is counted apart from users.
        logger: Where the log goes.
        metrics: Where the counts go.

    Returns:
        A function of an event and of Lambda's context. Errors are answers too: it raises nothing.
    """

    @logger.inject_lambda_context
    @metrics.log_metrics
    def handler(event: object, context: LambdaContext) -> dict[str, Any]:
        seconds = context.get_remaining_time_in_millis() / 1000
        request = Request(event, seconds, by_system_tests=system_tests.sent(event))
        # CloudWatch keeps a metric for each set of dimensions: users' have none but the service.
        if request.by_system_tests:
            metrics.add_dimension(name="Caller", value=SYSTEM_TESTS)
        route = direct if request.is_direct else routes.get(request.route)
        outcomes = (route or direct).outcomes
        if outcomes.received:
            metrics.add_metric(outcomes.received, MetricUnit.Count, 1)
        try:
            response = _called(route, request)
        except Exception as error:  # noqa: BLE001 - the boundary: whatever it is stays inside
            return problem_of(request, outcomes, error).to(request)
        logger.info(outcomes.done.message, extra=request.log)
        metrics.add_metric(outcomes.done.metric, MetricUnit.Count, 1)
        return response.to(request)

    def problem_of(request: Request, outcomes: Outcomes, error: Exception) -> Response:
        problem = error if isinstance(error, Problem) else _INTERNAL_ERROR
        if problem.status >= InternalError.status:
            trace = "".join(traceback.format_exception(error))
            fields = {
                "problem": problem.slug,
                "exception": redacted(trace, request.confidential),
                "exception_name": type(error).__name__,
            }
            logger.error(outcomes.failed.message, extra=request.log | fields)
            metrics.add_metric(outcomes.failed.metric, MetricUnit.Count, 1)
            return Response.of(problem)
        fields = {"problem": problem.slug, "detail": problem.detail}
        logger.info(outcomes.refused.message, extra=request.log | fields)
        metrics.add_metric(outcomes.refused.metric, MetricUnit.Count, 1)
        if outcomes.counts_reasons and not request.by_system_tests:
            metrics.add_dimensions(service=str(metrics.service), Reason=problem.slug)
        return Response.of(problem)

    return cast("Handler", handler)


def _called(route: Route | None, request: Request) -> Response:
    if route is None:
        raise InvalidRequest("The API has no such method or path.")
    return route(request)


_INTERNAL_ERROR = InternalError("The fault is ours, and it has been recorded: try again later.")
