import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aws_lambda_powertools import Logger, Metrics

from lambda_common.api import Handler, Outcome, Outcomes, create_handler
from lambda_common.callers import SystemTests
from lambda_common.problems import InternalError, InvalidRequest, TemporarilyUnavailable
from lambda_common.request import Request
from lambda_common.responses import Response
from tests.lambda_common.support import FakeContext, api_request

SECRET_URL = "https://example.com/private/cat.jpg?X-Amz-Signature=5ec7e7"  # noqa: S105 - made up
STREAM = io.StringIO()


@dataclass
class Things:
    """A route that answers with whatever a test gives it."""

    name: str = "Things"
    answer: Response | Exception = field(default_factory=lambda: Response(200, {"Id": "a"}))
    counts_reasons: bool = False
    asked: list[Request] = field(default_factory=list)

    @property
    def outcomes(self) -> Outcomes:
        return Outcomes(
            received=f"{self.name}Received",
            done=Outcome(f"{self.name}Done", f"{self.name} done"),
            refused=Outcome(f"{self.name}Refused", f"{self.name} refused"),
            failed=Outcome(f"{self.name}Failed", f"{self.name} failed"),
            counts_reasons=self.counts_reasons,
        )

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        request.log["host"] = "example.com"
        request.confidential = SECRET_URL
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def handler_for(route: Things, **others: Things) -> Handler:
    routes = {"GET /things": route, **{f"DELETE /{name}": each for name, each in others.items()}}
    return create_handler(
        routes,
        direct=route,
        system_tests=SystemTests(frozenset({"the-tests-key"})),
        logger=Logger(service="test", stream=STREAM),
        metrics=Metrics(namespace="ImageLabeller", service="a_function"),
    )


def call(handler: Handler, event: object) -> dict[str, Any]:
    return handler(event, FakeContext())  # type: ignore[arg-type] # all that is read


@pytest.fixture
def logs() -> Callable[[], list[dict[str, Any]]]:
    """The lines that were logged since the last call."""

    def read() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in STREAM.getvalue().splitlines()]
        STREAM.seek(0)
        STREAM.truncate()
        return lines

    read()
    return read


@pytest.fixture
def metrics(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """The metrics of each invocation, in CloudWatch's embedded format."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def dimensions(counted: dict[str, Any]) -> list[list[str]]:
    found: list[list[str]] = counted["_aws"]["CloudWatchMetrics"][0]["Dimensions"]
    return found


def test_each_method_and_path_has_its_route() -> None:
    # given
    get, delete = Things("Gets"), Things("Deletions", Response(204, None))
    handler = handler_for(get, things=delete)

    # when
    got = call(handler, api_request("GET /things"))
    deleted = call(handler, api_request("DELETE /things"))

    # then
    assert (got["statusCode"], json.loads(got["body"])) == (200, {"Id": "a"})
    assert (deleted["statusCode"], deleted["body"]) == (204, "")
    assert [len(route.asked) for route in (get, delete)] == [1, 1]


def test_the_routes_are_counted_apart(metrics: Any) -> None:
    handler = handler_for(Things("Gets"), things=Things("Deletions"))

    call(handler, api_request("DELETE /things"))

    [counted] = metrics()
    assert counted["DeletionsReceived"] == counted["DeletionsDone"] == [1.0]
    assert "GetsReceived" not in counted


@pytest.mark.parametrize("route", ["POST /things", "GET /other", "BREW /things", "GET /things/"])
def test_what_is_no_route_is_refused(route: str, metrics: Any) -> None:
    things = Things()

    answer = call(handler_for(things), api_request(route))

    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["type"] == "urn:imagelabeller:problem:invalid-request"
    assert things.asked == []
    [counted] = metrics()
    assert counted["ThingsReceived"] == counted["ThingsRefused"] == [1.0]


def test_a_direct_invocation_has_a_route_too_and_gets_the_plain_body() -> None:
    assert call(handler_for(Things()), {"id": "a"}) == {"Id": "a"}


def test_a_route_knows_how_much_time_is_left() -> None:
    things = Things()

    call(handler_for(things), api_request("GET /things"))

    assert [request.remaining_seconds for request in things.asked] == [28]


def test_a_problem_is_answered_as_it_says() -> None:
    handler = handler_for(Things(answer=TemporarilyUnavailable("Wait.")))

    answer = call(handler, api_request("GET /things"))

    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"]
    assert json.loads(answer["body"])["detail"] == "Wait."
    assert call(handler, {}) == TemporarilyUnavailable("Wait.").document()


@pytest.mark.parametrize("event", [{}, api_request("GET /things"), 7])
def test_an_unforeseen_fault_shows_nothing_of_the_inside(event: object, logs: Any) -> None:
    answer = call(handler_for(Things(answer=RuntimeError("arn:aws:s3:::inside"))), event)

    assert "internal-error" in json.dumps(answer)
    assert not re.search("inside|RuntimeError|Traceback|arn:", json.dumps(answer))
    [error] = [line for line in logs() if line["level"] == "ERROR"]
    assert error["message"] == "Things failed"
    assert "arn:aws:s3:::inside" in error["exception"]
    assert error["function_request_id"] == FakeContext.aws_request_id


EXCEPTIONS = [
    RuntimeError(f"while fetching {SECRET_URL}"),
    RuntimeError("no such file: /private/cat.jpg?X-Amz-Signature=5ec7e7"),
    ValueError("SignatureDoesNotMatch: 5ec7e7"),
    KeyError("X-Amz-Signature"),
    ValueError("https://other.example/redirected/5ec7e7"),
    TemporarilyUnavailable("5ec7e7"),
]


@pytest.mark.parametrize("fault", EXCEPTIONS, ids=repr)
def test_of_the_url_only_the_host_is_logged_with_an_exception(fault: Exception, logs: Any) -> None:
    fault.__cause__ = OSError(SECRET_URL)

    call(handler_for(Things(answer=fault)), {})

    [error] = [line for line in logs() if line["level"] == "ERROR"]
    assert error["exception_name"] == type(fault).__name__
    assert "api.py" in error["exception"]
    for secret in ("5ec7e7", "private", "cat.jpg", "X-Amz", "redirected"):
        assert secret not in json.dumps(error)


def test_every_line_has_the_fields_that_the_route_knows(logs: Any) -> None:
    for answer in (Response(200, {}), InvalidRequest("No."), RuntimeError()):
        call(handler_for(Things(answer=answer)), {})

    assert [(line["message"], line["host"]) for line in logs()] == [
        ("Things done", "example.com"),
        ("Things refused", "example.com"),
        ("Things failed", "example.com"),
    ]


def test_the_fields_of_one_request_are_not_logged_with_the_next(logs: Any) -> None:
    handler = handler_for(Things())
    call(handler, {})
    logs()

    call(handler, api_request("GET /other"))

    assert all("host" not in line for line in logs())


def test_no_credentials_are_logged(logs: Any) -> None:
    for route in ("GET /things", "GET /other"):
        call(handler_for(Things()), api_request(route))

    assert "not for the log" not in json.dumps(logs())


@pytest.mark.parametrize(
    ("answer", "metric"),
    [
        (Response(200, {}), "ThingsDone"),
        (InvalidRequest("No."), "ThingsRefused"),
        (TemporarilyUnavailable("Wait."), "ThingsFailed"),
        (InternalError("Ours."), "ThingsFailed"),
        (RuntimeError(), "ThingsFailed"),
    ],
)
def test_every_outcome_is_counted_once(
    answer: Response | Exception, metric: str, metrics: Any
) -> None:
    call(handler_for(Things(answer=answer)), {})

    [counted] = metrics()
    [directive] = counted["_aws"]["CloudWatchMetrics"]
    assert {each["Name"] for each in directive["Metrics"]} == {"ThingsReceived", metric}
    assert directive["Namespace"] == "ImageLabeller"
    assert directive["Dimensions"] == [["service"]]
    assert counted["service"] == "a_function"


def test_refusals_may_be_counted_by_their_reason_too(metrics: Any) -> None:
    call(handler_for(Things(answer=InvalidRequest("No."), counts_reasons=True)), {})

    [counted] = metrics()
    assert dimensions(counted) == [["service"], ["service", "Reason"]]
    assert counted["Reason"] == "invalid-request"


def test_the_system_tests_are_counted_apart_from_users(metrics: Any) -> None:
    # given
    things = Things(answer=InvalidRequest("No."), counts_reasons=True)
    handler = handler_for(things)
    identity = {"apiKeyId": "the-tests-key"}
    by_tests = api_request("GET /things", requestContext={"identity": identity})

    # when
    for event in (by_tests, api_request("GET /things"), {"caller": "system-tests"}):
        call(handler, event)

    # then
    assert [request.by_system_tests for request in things.asked] == [True, False, True]
    assert [dimensions(counted) for counted in metrics()] == [
        [["Caller", "service"]],
        [["service"], ["service", "Reason"]],
        [["Caller", "service"]],
    ]
