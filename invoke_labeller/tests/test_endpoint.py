import socket
import time

import boto3
import pytest
from botocore.config import Config

from invoke_labeller import clients
from invoke_labeller.endpoint import Endpoint
from invoke_labeller.errors import TransientError
from invoke_labeller.failure import FailureCode
from tests.endpoint_server import Answer, EndpointServer
from tests.support import REGION

NAME = "open-devops-image-labeller"


HANGS = Answer(hang=30)


def endpoint_at(url: str, seconds: float = 30) -> Endpoint:
    """The adapter over a client as `clients` makes it, but for its timeout in seconds."""
    timeout = Config(connect_timeout=seconds, read_timeout=seconds)
    client = boto3.client(
        "sagemaker-runtime", REGION, endpoint_url=url, config=clients.ENDPOINT.merge(timeout)
    )
    return Endpoint(client, NAME)


def seconds_for(answer: Answer) -> float:
    return 0.2 if answer.hang else 30


def model_error(original: object) -> Answer:
    return Answer(
        b'{"Message": "Received client error", "OriginalMessage": "/opt/ml/model/secret.py",'
        b' "OriginalStatusCode": %s}' % str(original).encode(),
        424,
        "ModelError",
    )


def aws_error(code: str, status: int) -> Answer:
    return Answer(b'{"Message": "arn:aws:sagemaker:secret"}', status, code)


def test_the_model_is_asked_as_the_contract_says(endpoint: EndpointServer) -> None:
    labels = endpoint_at(endpoint.url).classify(b"\xff\xd8jpeg")

    path, headers, body = endpoint.requests[0]
    assert path == f"/endpoints/{NAME}/invocations"
    assert headers["Content-Type"] == "application/x-image"
    assert headers["Accept"] == "application/json;verbose"
    assert body == b"\xff\xd8jpeg"
    assert [label.name for label in labels] == ["Egyptian cat", "tabby", "tiger cat", "lynx", "pug"]


@pytest.mark.parametrize("original", [400, 413, 415, 422, 424])
def test_a_model_that_refuses_a_picture_is_asked_again_later(
    endpoint: EndpointServer, original: int
) -> None:
    endpoint.answers[:] = [model_error(original)]

    with pytest.raises(TransientError) as caught:
        endpoint_at(endpoint.url).classify(b"jpeg")

    assert caught.value.code is FailureCode.MODEL_REFUSED
    assert caught.value.reason == (
        f"The model refused the picture for as long as it waited, with status {original}."
    )


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (model_error(500), FailureCode.MODEL_FAILED),
        (model_error(0), FailureCode.MODEL_FAILED),
        (Answer(b"not JSON"), FailureCode.MODEL_FAILED),
        (Answer(b'{"labels": ["pug"], "probabilities": [NaN]}'), FailureCode.MODEL_FAILED),
        (model_error(429), FailureCode.MODEL_BUSY),
        (model_error(503), FailureCode.MODEL_BUSY),
        (aws_error("ThrottlingException", 400), FailureCode.MODEL_BUSY),
        (aws_error("ModelNotReadyException", 429), FailureCode.MODEL_UNAVAILABLE),
        (aws_error("ValidationError", 400), FailureCode.MODEL_UNAVAILABLE),
        (aws_error("AccessDeniedException", 403), FailureCode.MODEL_UNAVAILABLE),
        (Answer(reset=True), FailureCode.MODEL_UNAVAILABLE),
        (Answer(cut=20), FailureCode.MODEL_UNAVAILABLE),
        (HANGS, FailureCode.MODEL_UNAVAILABLE),
    ],
)
def test_a_failure_is_known_by_its_code(
    endpoint: EndpointServer, answer: Answer, code: FailureCode
) -> None:
    endpoint.answers[:] = [answer]

    with pytest.raises(TransientError) as caught:
        endpoint_at(endpoint.url, seconds_for(answer)).classify(b"jpeg")

    assert caught.value.code is code
    assert "secret" not in caught.value.reason


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(model_error(500), id="the model crashed"),
        pytest.param(model_error(503), id="the model is loading"),
        pytest.param(model_error(429), id="the model is busy"),
        pytest.param(model_error(415), id="the model wants another content type"),
        pytest.param(model_error(404), id="the container has no such route"),
        pytest.param(model_error(0), id="the model timed out"),
        pytest.param(model_error("null"), id="the model said nothing"),
        pytest.param(aws_error("ThrottlingException", 400), id="throttled"),
        pytest.param(aws_error("ModelNotReadyException", 429), id="not ready"),
        pytest.param(aws_error("InternalDependencyException", 530), id="dependency"),
        pytest.param(aws_error("ServiceUnavailable", 503), id="unavailable"),
        pytest.param(aws_error("InternalFailure", 500), id="failure"),
        pytest.param(aws_error("ValidationError", 400), id="no such endpoint"),
        pytest.param(aws_error("AccessDeniedException", 403), id="denied"),
        pytest.param(aws_error("ExpiredTokenException", 403), id="credentials"),
        pytest.param(aws_error("SomethingNew", 418), id="unheard of"),
        pytest.param(Answer(b"<html>Bad Gateway</html>", 502), id="a gateway's page"),
        pytest.param(Answer(b"", 500), id="nothing"),
        pytest.param(Answer(b"not JSON"), id="no JSON"),
        pytest.param(Answer(b'{"labels": ["pug"], "probabilities": [NaN]}'), id="NaN"),
        pytest.param(Answer(cut=20), id="truncated"),
        pytest.param(Answer(reset=True), id="reset"),
        pytest.param(HANGS, id="no answer in time"),
    ],
)
def test_every_failure_is_transient_and_tells_no_internals(
    endpoint: EndpointServer, answer: Answer
) -> None:
    endpoint.answers[:] = [answer]

    with pytest.raises(TransientError) as caught:
        endpoint_at(endpoint.url, seconds_for(answer)).classify(b"jpeg")

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        model_error(500),
        aws_error("ModelNotReadyException", 429),
        aws_error("ThrottlingException", 400),
        aws_error("", 503),
        Answer(reset=True),
    ],
)
def test_a_call_asks_the_model_once(endpoint: EndpointServer, answer: Answer) -> None:
    endpoint.answers[:] = [answer, Answer()]

    with pytest.raises(TransientError):
        endpoint_at(endpoint.url).classify(b"jpeg")

    assert len(endpoint.requests) == 1


def test_an_endpoint_that_is_not_there_is_transient() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"

        with pytest.raises(TransientError, match="EndpointConnectionError"):
            endpoint_at(url).classify(b"jpeg")


def test_an_endpoint_that_hangs_is_given_up_after_one_attempt(endpoint: EndpointServer) -> None:
    endpoint.answers[:] = [HANGS]
    start = time.monotonic()

    with pytest.raises(TransientError, match="ReadTimeoutError"):
        endpoint_at(endpoint.url, seconds_for(HANGS)).classify(b"jpeg")

    assert time.monotonic() - start < 15  # deadline: the endpoint hangs for 30 s
    assert len(endpoint.requests) == 1


def test_the_longest_cold_start_is_waited_for_and_the_model_asked_once(
    endpoint: EndpointServer,
) -> None:
    # given an endpoint that needs 60 s for its first answer, and a fiftieth of the time
    scale = 50
    timeout = Config(read_timeout=clients.ENDPOINT.read_timeout / scale)  # type: ignore[attr-defined] # set at run time
    client = boto3.client(
        "sagemaker-runtime",
        REGION,
        endpoint_url=endpoint.url,
        config=clients.ENDPOINT.merge(timeout),
    )
    endpoint.answers[:] = [Answer(hang=60 / scale)]

    # when
    labels = Endpoint(client, NAME).classify(b"jpeg")

    # then
    assert labels[0].name == "Egyptian cat"
    assert len(endpoint.requests) == 1
