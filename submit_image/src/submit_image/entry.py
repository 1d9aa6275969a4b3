"""What every invocation does: parse, call, answer."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from submit_image import events, responses, urls
from submit_image.problems import InternalError, Problem
from submit_image.service import Accepted
from submit_image.urls import Target

type Submit = Callable[[Target, float], Accepted]
type Handler = Callable[[object, Any], dict[str, Any]]


def create_handler(submit: Submit, logger: Logger, metrics: Metrics) -> Handler:
    """Make the function that Lambda calls.

    Args:
        submit: Accepts the picture at a target; the number is the seconds left of the invocation.
        logger: Where the log goes.
        metrics: Where the counts go.

    Returns:
        A function of an event (a request through API Gateway, or `{"url": "..."}`) and of Lambda's
        context. Errors are answers too: it raises nothing.
    """

    @logger.inject_lambda_context(clear_state=True)
    @metrics.log_metrics
    def handler(event: object, context: LambdaContext) -> dict[str, Any]:
        try:
            target = urls.parse(events.submitted_url(event))
            # Of the URL only the host is logged: path and query may hold a signature.
            logger.append_keys(source_host=target.host)
            submission = submit(target, context.get_remaining_time_in_millis() / 1000)
        except Problem as problem:
            return failed(event, problem, problem)
        except Exception as error:  # noqa: BLE001 - the boundary: whatever it is stays inside
            return failed(event, InternalError("The image could not be submitted."), error)
        logger.info("Image submitted", image_id=submission.image_id)
        metrics.add_metric("ImagesSubmitted", MetricUnit.Count, 1)
        return responses.accepted(event, submission)

    def failed(event: object, problem: Problem, cause: Exception) -> dict[str, Any]:
        if problem.status >= InternalError.status:
            logger.error("Submission failed", problem=problem.slug, exc_info=cause)
            metrics.add_metric("SubmissionsFailed", MetricUnit.Count, 1)
        else:
            logger.info("Image refused", problem=problem.slug, detail=problem.detail)
            metrics.add_metric("ImagesRefused", MetricUnit.Count, 1)
            metrics.add_dimensions(service=str(metrics.service), Reason=problem.slug)
        return responses.problem(event, problem)

    return handler
