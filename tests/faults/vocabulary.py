"""The faults that a wire can be given, by the names that matrix.md gives them."""

import json
from collections.abc import Callable

from tests.faults.wire import Exchange, Fault, Reply

# What DynamoDB, S3 and SageMaker's runtime call a failure: status and error code.
REFUSALS = {
    "throttled": {
        "dynamodb": (400, "ProvisionedThroughputExceededException"),
        "s3": (503, "SlowDown"),
        "sagemaker-runtime": (400, "ThrottlingException"),
    },
    "failing": {
        "dynamodb": (500, "InternalServerError"),
        "s3": (500, "InternalError"),
        "sagemaker-runtime": (500, "InternalFailure"),
    },
    "unavailable": {
        "dynamodb": (503, "ServiceUnavailable"),
        "s3": (503, "ServiceUnavailable"),
        "sagemaker-runtime": (503, "ServiceUnavailable"),
    },
    "denied": {
        "dynamodb": (400, "AccessDeniedException"),
        "s3": (403, "AccessDenied"),
        "sagemaker-runtime": (403, "AccessDeniedException"),
    },
    "expired": {
        "dynamodb": (400, "ExpiredTokenException"),
        "s3": (400, "ExpiredToken"),
        "sagemaker-runtime": (403, "ExpiredTokenException"),
    },
    "not there": {
        "dynamodb": (400, "ResourceNotFoundException"),
        "s3": (404, "NoSuchBucket"),
        "sagemaker-runtime": (400, "ValidationError"),
    },
    "not ready": {"sagemaker-runtime": (429, "ModelNotReadyException")},
    "dependency failed": {"sagemaker-runtime": (530, "InternalDependencyException")},
}
# Seconds, less than the shortest timeout of a function: one second, in SubmitImage.
LATE = 0.7
DRIP = 0.5


def refused(name: str) -> Fault:
    """Return the fault that answers with an AWS error and forwards nothing."""

    def fault(exchange: Exchange) -> None:
        service = exchange.request.service
        status, code = REFUSALS[name][service]
        exchange.answer(_error(service, status, code))

    return fault


def model_error(original_status: int) -> Fault:
    """Return the fault of a model's container that answers with a status other than 200."""

    def fault(exchange: Exchange) -> None:
        body = {"Message": "Received error from primary", "OriginalStatusCode": original_status}
        headers = (("x-amzn-ErrorType", "ModelError"), ("Content-Type", "application/json"))
        exchange.answer(Reply(424, headers, json.dumps(body).encode()))

    return fault


def replaced(body: bytes, status: int = 200, content_type: str = "application/json") -> Fault:
    """Return the fault that answers with another body, and forwards nothing."""
    return lambda exchange: exchange.answer(Reply(status, (("Content-Type", content_type),), body))


def reset(exchange: Exchange) -> None:
    """Break the connection off before the service hears of the request."""
    exchange.reset()


def lost(exchange: Exchange) -> None:
    """Break the connection off after the service has done what was asked."""
    exchange.forward()
    exchange.reset()


def swallowed(exchange: Exchange) -> None:
    """Neither forward nor answer."""
    exchange.hold()
    exchange.end()


def muted(exchange: Exchange) -> None:
    """Have the service do what was asked, and never answer."""
    exchange.forward()
    swallowed(exchange)


def slow(exchange: Exchange) -> None:
    """Answer late, but within every timeout."""
    reply = exchange.forward()
    if exchange.hold(LATE):
        exchange.answer(reply)


def dripping(exchange: Exchange) -> None:
    """Answer a byte at a time, so that no timeout between two bytes ever passes."""
    reply = exchange.forward()
    exchange.send(reply.head)
    for byte in reply.body:
        if not exchange.hold(DRIP):
            break
        exchange.send(bytes([byte]))
    exchange.end()


def truncated(exchange: Exchange) -> None:
    """Close the connection before the promised end of the body."""
    reply = exchange.forward()
    exchange.send(reply.head + reply.body[: len(reply.body) // 2])
    exchange.end()


def corrupted(exchange: Exchange) -> None:
    """Change one byte in the middle of the body."""
    reply = exchange.forward()
    body = bytearray(reply.body)
    body[len(body) // 2] ^= 1
    exchange.answer(Reply(reply.status, reply.headers, bytes(body)))


def garbled(exchange: Exchange) -> None:
    """Answer with what is not HTTP."""
    exchange.send(b"\x16\x03\x01 not HTTP\r\n\r\n")
    exchange.end()


def killed_before(exchange: Exchange) -> None:
    """Kill the function's process before the service hears of the request."""
    exchange.kill()


def killed_after(exchange: Exchange) -> None:
    """Kill the function's process after the service has done what was asked."""
    exchange.suspend()
    exchange.forward()
    exchange.kill()


def during(happens: Callable[[], None]) -> Fault:
    """Return the fault of something that happens elsewhere before the request passes."""

    def fault(exchange: Exchange) -> None:
        happens()
        exchange.answer(exchange.forward())

    return fault


FAULTS: dict[str, Fault] = {
    **{name: refused(name) for name in REFUSALS},
    "model failed": model_error(500),
    "model busy": model_error(503),
    "model refused": model_error(400),
    "not a number": replaced(b'{"probabilities": [NaN], "labels": ["pug"]}'),
    "unequal lengths": replaced(b'{"probabilities": [0.5, 0.5], "labels": ["pug"]}'),
    "empty": replaced(b""),
    "a web page": replaced(b"<html>Bad Gateway</html>", 502, "text/html"),
    "reset": reset,
    "lost": lost,
    "swallowed": swallowed,
    "muted": muted,
    "slow": slow,
    "dripping": dripping,
    "truncated": truncated,
    "corrupted": corrupted,
    "garbled": garbled,
    "killed before": killed_before,
    "killed after": killed_after,
}


def _error(service: str, status: int, code: str) -> Reply:
    if service == "s3":
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>"
        return Reply(status, (("Content-Type", "application/xml"),), text.encode())
    body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "no"}).encode()
    return Reply(status, (("Content-Type", "application/json"), ("x-amzn-ErrorType", code)), body)
