"""The routes of the server."""

import logging
import time
from collections.abc import Callable

import msgspec
import numpy as np
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Lifespan

from sagemaker_endpoint.errors import ImageError
from sagemaker_endpoint.server import answers
from sagemaker_endpoint.server.model import Classifies, Model, NotReadyError, OverloadedError
from sagemaker_endpoint.server.requests import (
    Accepted,
    InvocationError,
    check_content_type,
    read_body,
)

log = logging.getLogger(__name__)


def create_app(
    model: Model, endpoint_name: str, lifespan: Lifespan[Starlette] | None = None
) -> Starlette:
    """Makes the ASGI application.

    Args:
        model: What classifies.
        endpoint_name: Name under which the runtime API's route knows the model.
        lifespan: What starts and closes the model.
    """

    async def ping(_: Request) -> Response:
        return Response(status_code=503 if model.classifier is None else 200)

    async def invocations(request: Request) -> Response:
        return await _timed(request, model, answers.from_container)

    async def invoke_endpoint(request: Request) -> Response:
        name = request.path_params["name"]
        if name != endpoint_name:
            return answers.unknown_endpoint(name)
        return answers.invoked(await _timed(request, model, answers.from_runtime))

    return Starlette(
        routes=[
            Route("/ping", ping),
            Route("/invocations", invocations, methods=["POST"]),
            Route("/endpoints/{name}/invocations", invoke_endpoint, methods=["POST"]),
        ],
        lifespan=lifespan,
    )


async def _timed(
    request: Request, model: Model, fail: Callable[[InvocationError], Response]
) -> Response:
    start = time.perf_counter()
    try:
        response, outcome = await _answer(request, model)
    except InvocationError as failure:
        response, outcome = fail(failure), failure.message
    milliseconds = 1000 * (time.perf_counter() - start)
    log.info(
        "%s %s %s in %.0f ms: %s",
        request.method,
        request.url.path,
        response.status_code,
        milliseconds,
        outcome,
    )
    return response


async def _answer(request: Request, model: Model) -> tuple[Response, str]:
    accepted = Accepted.from_header(request.headers.get("accept", ""))
    check_content_type(request)
    try:
        with model.admission() as classifier:
            body = await read_body(request)
            return await model.run(lambda: _classify(classifier, body, verbose=accepted.verbose))
    except NotReadyError:
        raise answers.LOADING from None
    except OverloadedError:
        raise answers.BUSY from None
    except ImageError as error:
        raise InvocationError(400, str(error)) from error
    except ClientDisconnect:
        raise InvocationError(400, "The client went away.") from None
    except InvocationError:
        raise
    except Exception as error:
        log.exception("The model failed")
        raise InvocationError(500, "The model failed.") from error


def _classify(classifier: Classifies, body: bytes, *, verbose: bool) -> tuple[Response, str]:
    probabilities = classifier.classify(body)
    if not np.isfinite(probabilities).all():
        raise ArithmeticError("The model gave what is no number.")  # JSON has none such
    best = int(probabilities.argmax())
    label = classifier.labels[best]
    answer: dict[str, object] = {"probabilities": probabilities.tolist()}
    if verbose:
        answer |= {"labels": classifier.labels, "predicted_label": label}
    response = Response(msgspec.json.encode(answer), media_type="application/json")
    return response, f"{label} {probabilities[best]:.2f}"
