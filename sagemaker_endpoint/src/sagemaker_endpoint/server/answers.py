"""What the server answers: as the container, and as SageMaker's runtime API in front of it.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
"""

from uuid import uuid4

from starlette.responses import JSONResponse, Response

from sagemaker_endpoint.server.requests import TOO_LARGE, InvocationError

BUSY = InvocationError(503, "As many images as may be are being classified; try again later.")
LOADING = InvocationError(503, "The model is being loaded.")


def from_container(failure: InvocationError) -> Response:
    """The container's answer to a request that fails."""
    headers = {"Retry-After": "1"} if failure.status == 503 else None  # noqa: PLR2004
    return JSONResponse({"error": failure.message}, failure.status, headers)


def from_runtime(failure: InvocationError) -> Response:
    """What InvokeEndpoint makes of the container's answer.

    An overload is the endpoint's own and throttled; any other status of 400 or more is the
    container's, and reported as a ModelError.
    """
    if failure is BUSY:
        return error(400, "ThrottlingException", "Rate exceeded")
    if failure is LOADING:
        return error(429, "ModelNotReadyException", failure.message)
    if failure.status == TOO_LARGE:
        return JSONResponse({"Message": failure.message}, TOO_LARGE, _identified())
    side = "client" if failure.status < 500 else "server"  # noqa: PLR2004
    return error(
        424,
        "ModelError",
        f'Received {side} error ({failure.status}) from primary with message "{failure.message}".',
        ErrorCode=f"{side.upper()}_ERROR_FROM_MODEL",
        OriginalStatusCode=failure.status,
        OriginalMessage=failure.message,
    )


def unknown_endpoint(name: str) -> Response:
    """What InvokeEndpoint says to a name that no endpoint has."""
    return error(400, "ValidationError", f"Endpoint {name} not found.")


def error(status: int, code: str, message: str, **members: str | int) -> Response:
    """An error in the format of AWS's REST-JSON protocol.

    https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
    """
    headers = {"x-amzn-ErrorType": code, **_identified()}
    return JSONResponse({"Message": message, **members}, status, headers)


def invoked(response: Response) -> Response:
    """Adds what the runtime API adds to the container's answer."""
    response.headers.update(_identified() | {"x-Amzn-Invoked-Production-Variant": "AllTraffic"})
    return response


def _identified() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid4())}
