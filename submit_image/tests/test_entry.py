import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_lambda_powertools import Logger, Metrics
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submit_image.entry import Handler, create_handler
from submit_image.problems import ImageTooLarge, TemporarilyUnavailable
from submit_image.service import Accepted
from submit_image.urls import Target
from tests.support.events import post
from tests.support.lambdas import FakeContext

pytestmark = pytest.mark.usefixtures("aws_environment")

SECRET_URL = "https://example.com/private/cat.jpg?X-Amz-Signature=5ec7e7"  # noqa: S105 - made up
type Logs = Callable[[], list[dict[str, Any]]]
type Counts = Callable[[], dict[str, Any]]


class FakeSubmit:
    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.calls: list[tuple[Target, float]] = []

    def __call__(self, target: Target, remaining_seconds: float) -> Accepted:
        self.calls.append((target, remaining_seconds))
        if self.fault:
            raise self.fault
        return Accepted("4d497920-e1ae-4039-adc3-183f4de81e06", "NOT_CLASSIFIED")


STREAM = io.StringIO()


def handler_for(submit: FakeSubmit) -> Handler:
    logger = Logger(service="submit_image_test", stream=STREAM)
    return create_handler(submit, logger, Metrics())


@pytest.fixture
def logs() -> Logs:
    """The lines that were logged since the last call."""

    def read() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in STREAM.getvalue().splitlines()]
        STREAM.seek(0)
        STREAM.truncate()
        return lines

    read()
    return read


@pytest.fixture
def metrics(capsys: pytest.CaptureFixture[str]) -> Counts:
    """The metrics of one invocation, in CloudWatch's embedded format."""
    return lambda: json.loads(capsys.readouterr().out)


def test_a_submission_is_passed_on_with_the_time_that_is_left() -> None:
    submit = FakeSubmit()

    answer = handler_for(submit)(post({"url": SECRET_URL}), FakeContext())

    assert answer["statusCode"] == 202
    [(target, remaining)] = submit.calls
    assert target.url == SECRET_URL
    assert remaining == 28


def test_a_direct_invocation_gets_the_plain_body() -> None:
    answer = handler_for(FakeSubmit())({"url": SECRET_URL}, FakeContext())

    assert answer == {
        "ImageId": "4d497920-e1ae-4039-adc3-183f4de81e06",
        "Status": "NOT_CLASSIFIED",
    }


@pytest.mark.parametrize(
    ("event", "slug"),
    [
        ({}, "invalid-request"),
        ({"url": "ftp://example.com/"}, "invalid-url"),
        (7, "invalid-request"),
    ],
)
def test_what_cannot_be_a_submission_goes_no_further(event: object, slug: str) -> None:
    submit = FakeSubmit()

    answer = handler_for(submit)(event, FakeContext())

    assert answer["type"] == f"urn:imagelabeller:problem:{slug}"
    assert submit.calls == []


def test_a_refusal_is_answered_as_a_problem() -> None:
    answer = handler_for(FakeSubmit(ImageTooLarge("Big.")))(
        post({"url": SECRET_URL}), FakeContext()
    )

    assert answer["statusCode"] == 413
    assert json.loads(answer["body"])["detail"] == "Big."


def test_busy_aws_is_answered_503_with_the_time_to_wait() -> None:
    submit = FakeSubmit(TemporarilyUnavailable("Busy."))

    answer = handler_for(submit)(post({"url": SECRET_URL}), FakeContext())

    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"]


@pytest.mark.parametrize("event", [{"url": SECRET_URL}, post({"url": SECRET_URL})])
def test_an_unforeseen_fault_shows_nothing_of_the_inside(event: Any, logs: Logs) -> None:
    answer = handler_for(FakeSubmit(RuntimeError("arn:aws:s3:::inside")))(event, FakeContext())

    assert "internal-error" in json.dumps(answer)
    assert "inside" not in json.dumps(answer)
    assert "RuntimeError" not in json.dumps(answer)
    [error] = [line for line in logs() if line.get("level") == "ERROR"]
    assert "arn:aws:s3:::inside" in error["exception"]
    assert error["function_request_id"] == FakeContext.aws_request_id


def test_of_the_url_only_the_host_is_logged(logs: Logs) -> None:
    handler = handler_for(FakeSubmit())
    for event in ({"url": SECRET_URL}, {"url": SECRET_URL + " "}, post({"url": SECRET_URL})):
        handler(event, FakeContext())
    handler_for(FakeSubmit(RuntimeError()))({"url": SECRET_URL}, FakeContext())

    lines = logs()
    assert "5ec7e7" not in json.dumps(lines)
    assert "private" not in json.dumps(lines)
    assert "example.com" in {line.get("source_host") for line in lines}


def test_the_host_of_one_request_is_not_logged_with_the_next(logs: Logs) -> None:
    handler = handler_for(FakeSubmit())
    handler({"url": SECRET_URL}, FakeContext())
    logs()

    handler({}, FakeContext())

    assert all("source_host" not in line for line in logs())


def test_submissions_are_counted(metrics: Counts) -> None:
    handler_for(FakeSubmit())({"url": SECRET_URL}, FakeContext())

    counted = metrics()
    assert counted["ImagesSubmitted"] == [1.0]
    [directive] = counted["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "ImageLabeller"
    assert directive["Dimensions"] == [["service"]]
    assert counted["service"] == "submit_image"


def test_refusals_are_counted_in_all_and_by_their_reason(metrics: Counts) -> None:
    handler_for(FakeSubmit(ImageTooLarge("Big.")))({"url": SECRET_URL}, FakeContext())

    counted = metrics()
    assert counted["ImagesRefused"] == [1.0]
    assert counted["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [
        ["service"],
        ["service", "Reason"],
    ]
    assert counted["Reason"] == "image-too-large"


@pytest.mark.parametrize("fault", [RuntimeError("Broken."), TemporarilyUnavailable("Busy.")])
def test_faults_of_ours_are_counted_apart(fault: Exception, metrics: Counts) -> None:
    handler_for(FakeSubmit(fault))({"url": SECRET_URL}, FakeContext())

    counted = metrics()
    assert counted["SubmissionsFailed"] == [1.0]
    assert "ImagesRefused" not in counted


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
URLS = st.sampled_from([SECRET_URL, "http://127.0.0.1/", "https://[::1]/", "http://a@b/"]) | JSON
GIVEN = st.fixed_dictionaries({"url": URLS | st.lists(URLS, max_size=3)}) | JSON
HTTP_EVENTS = st.fixed_dictionaries(
    {
        "httpMethod": st.sampled_from(["GET", "POST", "HEAD", "BREW"]) | JSON,
        "requestContext": st.fixed_dictionaries({"requestId": JSON}) | JSON,
    },
    optional={
        "path": JSON,
        "headers": st.dictionaries(st.sampled_from(["Content-Type", "x-api-key"]), JSON) | JSON,
        "queryStringParameters": GIVEN,
        "multiValueQueryStringParameters": GIVEN,
        "body": GIVEN.map(json.dumps) | st.text() | JSON,
        "isBase64Encoded": st.booleans() | JSON,
    },
)
FUZZ = settings(
    max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def assert_is_as_described(status: int, body: dict[str, Any]) -> None:
    if status == 202:
        assert set(body) == {"ImageId", "Status"}
        return
    assert status == 400
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert body["type"] in {
        f"urn:imagelabeller:problem:{slug}" for slug in ("invalid-request", "invalid-url")
    }
    assert body["detail"].isprintable()


@FUZZ
@given(HTTP_EVENTS)
def test_any_http_event_is_answered_as_the_api_is_described(event: dict[str, Any]) -> None:
    answer = handler_for(FakeSubmit())(event, FakeContext())

    # A dictionary that API Gateway would never send may be taken for a direct invocation.
    status: int = answer["statusCode"] if "statusCode" in answer else answer.get("status", 202)
    body = json.loads(answer["body"]) if "statusCode" in answer else answer
    assert_is_as_described(status, body)
    if "statusCode" in answer:
        assert answer["headers"]["Cache-Control"] == "no-store"
        assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
        kind = "application/json" if status == 202 else "application/problem+json"
        assert answer["headers"]["Content-Type"] == kind


@FUZZ
@given(JSON | GIVEN)
def test_any_direct_invocation_is_answered_with_a_plain_body(event: object) -> None:
    answer = handler_for(FakeSubmit())(event, FakeContext())

    assert_is_as_described(answer.get("status", 202), answer)
