"""The Lambda handler: parse, call, answer."""

from collections.abc import Callable
from typing import Any, cast

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from get_image_label.events import image_id_of, is_api_request
from get_image_label.problems import InternalError, Problem
from get_image_label.records import Body
from get_image_label.responses import http_problem, http_success

type Handler = Callable[[object, LambdaContext], dict[str, Any]]

INTERNAL_ERROR = InternalError("The fault is ours, and it has been recorded: try again later.")


def create_handler(look_up: Callable[[str], Body], logger: Logger, metrics: Metrics) -> Handler:
    """Build the function that Lambda calls.

    Args:
        look_up: Takes an image's id and returns what is known about it, or raises a Problem.
        logger: Where a look-up's outcome is written.
        metrics: Where it is counted, as ImagesLookedUp, LookUpsRefused or LookUpsFailed.

    Returns:
        A handler for API Gateway's proxy events, which it answers with a proxy response, and for
        `{"imageId": "<uuid>"}`, which it answers with the body as a plain object. It never raises.
    """

    @logger.inject_lambda_context
    @metrics.log_metrics(capture_cold_start_metric=True)
    def handle(event: object, context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 # Lambda's
        try:
            body = look_up(image_id_of(event))
        except Exception as error:
            problem = error if isinstance(error, Problem) else INTERNAL_ERROR
            if problem.status < InternalError.status:
                logger.info("look-up refused", problem=problem.document())
                metrics.add_metric("LookUpsRefused", MetricUnit.Count, 1)
            else:
                logger.exception("look-up failed", problem=problem.document())
                metrics.add_metric("LookUpsFailed", MetricUnit.Count, 1)
            return http_problem(problem) if is_api_request(event) else problem.document()
        logger.info("image looked up", image_id=body["ImageId"], status=body["Status"])
        metrics.add_metric("ImagesLookedUp", MetricUnit.Count, 1)
        return http_success(body) if is_api_request(event) else body

    return cast("Handler", handle)
