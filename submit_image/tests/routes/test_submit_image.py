import base64
import io
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from aws_lambda_powertools import Logger, Metrics
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambda_common.api import create_handler
from lambda_common.callers import SystemTests
from lambda_common.problems import InvalidRequest
from lambda_common.request import Request
from submit_image import urls
from submit_image.clients import STORAGE_SECONDS
from submit_image.deadline import Deadline
from submit_image.problems import ImageTooLarge
from submit_image.routes.submit_image import MAX_BODY_LENGTH, SubmitImage, submitted
from submit_image.row import Status
from submit_image.submission import Accepted, Submission
from submit_image.urls import MAX_LENGTH
from tests.lambda_common.support import FakeContext, api_request
from tests.support.events import get, post

pytestmark = pytest.mark.usefixtures("aws_environment")

ID = "4d497920-e1ae-4039-adc3-183f4de81e06"
URL = "https://example.com/cat.jpg"
SECRET_URL = "https://example.com/private/cat.jpg?X-Amz-Signature=5ec7e7"  # noqa: S105 - made up
STREAM = io.StringIO()
type Logs = Callable[[], list[dict[str, Any]]]


class FakeSubmit:
    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.calls: list[tuple[Submission, Deadline]] = []

    def __call__(self, submission: Submission, deadline: Deadline) -> Accepted:
        self.calls.append((submission, deadline))
        if self.fault:
            raise self.fault
        return Accepted(ID, Status.NOT_CLASSIFIED)


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


class FakeSubmitUpload:
    def __init__(self) -> None:
        self.calls: list[tuple[UUID, Deadline, bool]] = []

    def __call__(self, upload_id: UUID, deadline: Deadline, *, by_system_tests: bool) -> Accepted:
        self.calls.append((upload_id, deadline, by_system_tests))
        return Accepted(str(upload_id), Status.CLASSIFIED)


def route_for(submit: FakeSubmit, submit_upload: FakeSubmitUpload | None = None) -> SubmitImage:
    return SubmitImage(submit, submit_upload or FakeSubmitUpload(), fetch_seconds=10)


def call(submit: FakeSubmit, event: object) -> dict[str, Any]:
    route = route_for(submit)
    handler = create_handler(
        {"GET /submit-image": route, "POST /submit-image": route},
        direct=route,
        system_tests=SystemTests(frozenset()),
        logger=Logger(service="submit_image_test", stream=STREAM),
        metrics=Metrics(),
    )
    return handler(event, FakeContext())  # type: ignore[arg-type] # all that is read


def test_a_submission_is_passed_on() -> None:
    submit = FakeSubmit()

    response = route_for(submit)(Request(post({"url": SECRET_URL}), 28, by_system_tests=True))

    assert response.status == 202
    assert response.body == {"ImageId": ID, "Status": "NOT_CLASSIFIED"}
    assert response.headers == {"Location": f"/get-image-label?imageId={ID}"}
    [(submission, _)] = submit.calls
    assert submission == Submission(urls.parse(SECRET_URL), by_system_tests=True)


@pytest.mark.parametrize("event", [post({"uploadId": ID}), {"uploadId": ID.upper()}])
def test_an_upload_is_passed_on(event: Any) -> None:
    submit, submit_upload = FakeSubmit(), FakeSubmitUpload()
    request = Request(event, STORAGE_SECONDS + 9, by_system_tests=True)

    response = route_for(submit, submit_upload)(request)

    assert (response.status, response.body) == (202, {"ImageId": ID, "Status": "CLASSIFIED"})
    assert response.headers == {"Location": f"/get-image-label?imageId={ID}"}
    [(upload_id, deadline, by_system_tests)] = submit_upload.calls
    assert (upload_id, by_system_tests) == (UUID(ID), True)
    assert 0 < deadline.remaining() <= 9
    assert submit.calls == []
    assert request.log == {"upload_id": ID, "image_id": ID}


@pytest.mark.parametrize(
    ("event", "detail"),
    [
        (post({"uploadId": ID, "url": URL}), "not both"),
        (post({"uploadId": None}), "UploadId"),
        (post({"uploadId": ""}), "UploadId"),
        (post({"uploadId": "uploads/other"}), "UploadId"),
        (post({"uploadId": f"urn:uuid:{ID}"}), "UploadId"),
        (post({"uploadId": [ID]}), "UploadId"),
        (post({"UploadId": ID}), "another member"),
        (get(f"uploadId={ID}"), "another parameter"),
        ({"uploadId": 1}, "UploadId"),
    ],
)
def test_what_names_no_upload_is_refused(event: Any, detail: str) -> None:
    with pytest.raises(InvalidRequest, match=detail):
        submitted(Request(event))


@pytest.mark.parametrize(("remaining", "seconds"), [(28, 10), (STORAGE_SECONDS + 2, 2)])
def test_a_download_leaves_time_to_store_the_picture(remaining: float, seconds: float) -> None:
    submit = FakeSubmit()

    route_for(submit)(Request({"url": SECRET_URL}, remaining))

    [(_, deadline)] = submit.calls
    assert deadline.remaining() == pytest.approx(seconds, abs=0.5)


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

    answer = call(submit, event)

    assert answer["type"] == f"urn:imagelabeller:problem:{slug}"
    assert submit.calls == []


def test_of_the_url_only_the_host_is_logged(logs: Logs) -> None:
    for event in ({"url": SECRET_URL}, {"url": SECRET_URL + " "}, post({"url": SECRET_URL})):
        call(FakeSubmit(), event)
    call(FakeSubmit(ImageTooLarge("Big.")), {"url": SECRET_URL})
    call(FakeSubmit(RuntimeError(f"at {SECRET_URL}")), {"url": f" <{SECRET_URL}> "})

    lines = logs()
    for secret in ("5ec7e7", "private", "cat.jpg", "X-Amz"):
        assert secret not in json.dumps(lines)
    assert {line["source_host"] for line in lines} == {"example.com"}


@pytest.mark.parametrize(
    "event",
    [
        get(f"url={SECRET_URL}&X-Amz-Expires=5ec7e7"),
        get(f"{SECRET_URL}"),
        post({"url": SECRET_URL, SECRET_URL: 1}),
        post('{"url": "' + SECRET_URL),
        {"url": SECRET_URL + "\n5ec7e7"},
        {"url": "https://user:5ec7e7@example.com/private"},
        {"url": "https:/example.com/private?5ec7e7"},
        {"url": "https://private-5ec7e7\u202e\u00e4/"},
    ],
)
def test_of_a_refused_url_nothing_is_logged(event: Any, logs: Logs) -> None:
    call(FakeSubmit(), event)

    lines = json.dumps(logs())
    assert "Image refused" in lines
    for secret in ("5ec7e7", "private", "X-Amz"):
        assert secret not in lines


def test_submissions_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    call(FakeSubmit(), {"url": SECRET_URL})
    call(FakeSubmit(ImageTooLarge("Big.")), {"url": SECRET_URL})
    call(FakeSubmit(RuntimeError()), {"url": SECRET_URL})

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [
        {metric["Name"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
        for line in lines
    ] == [
        {"SubmissionsReceived", "ImagesSubmitted"},
        {"SubmissionsReceived", "ImagesRefused"},
        {"SubmissionsReceived", "SubmissionsFailed"},
    ]
    assert lines[1]["Reason"] == "image-too-large"


@pytest.mark.parametrize(
    "event",
    [
        {"url": URL},
        get(f"url={URL}"),
        get("url=https%3A%2F%2Fexample.com%2Fcat.jpg"),
        api_request("GET /submit-image", queryStringParameters={"url": URL}),
        post({"url": URL}),
        post({"url": URL}, "application/json; charset=utf-8"),
        post({"url": URL}, "Application/JSON"),
        post({"url": URL}, None),
        post({"url": URL}, headers=None),
        post("\ufeff" + json.dumps({"url": URL})),
        post(
            base64.b64encode(b'\xef\xbb\xbf{"url": "%b"}' % URL.encode()).decode(),
            isBase64Encoded=True,
        ),
        post(base64.b64encode(json.dumps({"url": URL}).encode()).decode(), isBase64Encoded=True),
    ],
)
def test_the_url_is_found(event: dict[str, Any]) -> None:
    assert submitted(Request(event)) == URL


@pytest.mark.parametrize(
    "event",
    [None, [], "text", 1, {}, {"url": None}, {"url": ""}, {"url": 1}, {"url": [URL]}, {"URL": URL}],
)
def test_a_direct_invocation_gives_the_url_and_nothing_else(event: object) -> None:
    with pytest.raises(InvalidRequest):
        submitted(Request(event))


@pytest.mark.parametrize(
    "event",
    [
        {"url": URL, "callback5ec7e7": URL},
        post({"url": URL, "callback5ec7e7": 1}),
        get("callback5ec7e7=1"),
        get(f"url={URL}?a=1&callback5ec7e7"),
        get(f"url={URL}?a=1&X-Amz-Signature=5ec7e7"),
        get(f"url={URL}&5ec7e7=url"),
    ],
)
def test_what_is_unknown_is_refused_and_not_shown(event: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"another (parameter|member) than url") as refusal:
        submitted(Request(event))

    assert "5ec7e7" not in refusal.value.detail
    assert "Signature" not in refusal.value.detail


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "url"),
        ("url=", "url"),
        ("uri=https://example.com", "another parameter"),
        ("url=https://example.com/?a=1&b=2", "encode the whole URL"),
        (f"url={URL}&url={URL}", "once"),
    ],
)
def test_a_wrong_query_is_explained(query: str, detail: str) -> None:
    with pytest.raises(InvalidRequest, match=detail):
        submitted(Request(get(query)))


@pytest.mark.parametrize(
    ("event", "detail"),
    [
        (post(""), "empty"),
        (post("url=https://example.com"), "JSON"),
        (post("[]"), "object"),
        (post('"https://example.com"'), "object"),
        (post("null"), "object"),
        (post({}), "url"),
        (post({"url": None}), "url"),
        (post({"url": URL, "priority": 1}), "another member"),
        (post({"url": URL}, "application/x-www-form-urlencoded"), "Content-Type"),
        (post("a" * (MAX_BODY_LENGTH + 1)), str(MAX_BODY_LENGTH)),
        (post({"url": URL}, queryStringParameters={"url": URL}), "query"),
        (api_request("GET /submit-image", queryStringParameters="url=a"), "query"),
    ],
)
def test_a_wrong_request_is_explained(event: dict[str, Any], detail: str) -> None:
    with pytest.raises(InvalidRequest, match=detail):
        submitted(Request(event))


def test_the_longest_url_fits_into_a_body_however_it_is_escaped() -> None:
    url = "ä" * MAX_LENGTH

    assert submitted(Request(post({"url": url}))) == url


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
        "httpMethod": st.sampled_from(["GET", "POST", "GET", "POST", "HEAD", "BREW"]) | JSON,
        "resource": st.just("/submit-image") | st.just("/submit-image") | JSON,
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
    answer = call(FakeSubmit(), event)

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
    answer = call(FakeSubmit(), event)

    assert_is_as_described(answer.get("status", 202), answer)
