import itertools
import json
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_lambda_powertools import Logger, Metrics
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from get_image_label.entry import Handler, create_handler
from get_image_label.problems import TemporarilyUnavailable
from get_image_label.service import LookUp
from tests import documents
from tests.fakes import CLASSIFIED, IMAGE_ID, NOW, UNKNOWN_ID, FakeContext, FakeRecords
from tests.samples import http_event

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

SERIAL = itertools.count()
CONTEXT = cast("LambdaContext", FakeContext())
WAITING = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c56"
BARE = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c57"
CORRUPT = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c58"
ROWS = {
    IMAGE_ID: CLASSIFIED,
    WAITING: {"Id": WAITING, "Status": "NOT_CLASSIFIED", "SubmittedAt": "2026-11-23T07:51:11.123Z"},
    BARE: {"Id": BARE},
    CORRUPT: {"Id": CORRUPT, "Status": "CLASSIFIED", "Labels": ["espresso"]},
}


def handler_for(rows: FakeRecords) -> Handler:
    # Powertools keeps a logger by the name of its service, and its first stream with it.
    return create_handler(
        LookUp(rows=rows, clock=lambda: NOW),
        logger=Logger(service=f"test-{next(SERIAL)}", stream=sys.stdout),
        metrics=Metrics(namespace="ImageLabeller", service="get_image_label"),
    )


def get(image_id: str, rows: FakeRecords | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    response = handler_for(rows or FakeRecords(ROWS))(http_event({"imageId": [image_id]}), CONTEXT)
    return response, json.loads(response["body"])


def invoke(event: object, rows: FakeRecords | None = None) -> dict[str, Any]:
    return handler_for(rows or FakeRecords(ROWS))(event, CONTEXT)


def test_answers_a_get_with_what_is_known() -> None:
    response, body = get(IMAGE_ID)
    assert response["statusCode"] == 200
    assert body["ImageLabel"] == "espresso, coffee mug"


def test_answers_a_direct_invocation_with_the_same_body() -> None:
    assert invoke({"imageId": IMAGE_ID}) == get(IMAGE_ID)[1]


def test_looks_the_normalised_id_up() -> None:
    rows = FakeRecords(ROWS)
    invoke({"imageId": IMAGE_ID.upper()}, rows)
    assert rows.asked_for == [IMAGE_ID]


def test_answers_an_unknown_id_with_404() -> None:
    response, problem = get(UNKNOWN_ID)
    assert response["statusCode"] == 404
    assert problem["type"] == "urn:imagelabeller:problem:unknown-image"
    assert invoke({"imageId": UNKNOWN_ID}) == problem


def test_answers_a_malformed_id_with_400_and_reads_nothing() -> None:
    rows = FakeRecords(ROWS)
    response, problem = get("nonsense", rows)
    assert response["statusCode"] == 400
    assert problem["type"] == "urn:imagelabeller:problem:invalid-image-id"
    assert rows.asked_for == []


def test_answers_a_throttle_with_503_and_when_to_come_back() -> None:
    response, problem = get(IMAGE_ID, FakeRecords(broken=TemporarilyUnavailable("Try again.")))
    assert response["statusCode"] == 503
    assert response["headers"]["Retry-After"]
    assert problem["detail"] == "Try again."


@pytest.mark.parametrize("image_id", [IMAGE_ID, CORRUPT])
def test_a_fault_of_ours_shows_nothing_of_the_inside(image_id: str) -> None:
    broken = RuntimeError("arn:aws:dynamodb:us-west-1:123456789012:table/ImageLabels: secret")
    rows = FakeRecords(broken=broken) if image_id == IMAGE_ID else FakeRecords(ROWS)
    response, problem = get(image_id, rows)
    assert response["statusCode"] == 500
    assert problem["type"] == "urn:imagelabeller:problem:internal-error"
    assert not re.search("arn:|secret|Error|Traceback", problem["detail"])


def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("event", "broken", "metric"),
    [
        ({"imageId": IMAGE_ID}, None, "ImagesLookedUp"),
        ({"imageId": UNKNOWN_ID}, None, "LookUpsRefused"),
        ({"imageId": 1}, None, "LookUpsRefused"),
        ({"imageId": IMAGE_ID}, TemporarilyUnavailable("Wait."), "LookUpsFailed"),
        ({"imageId": IMAGE_ID}, RuntimeError(), "LookUpsFailed"),
    ],
)
def test_counts_every_outcome_once(
    event: object, broken: Exception | None, metric: str, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(event, FakeRecords(ROWS, broken=broken))
    counted = [
        name["Name"]
        for line in lines(capsys)
        if "_aws" in line
        for name in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    ]
    assert [name for name in counted if name != "ColdStart"] == [metric]


def test_records_a_fault_with_its_cause(capsys: pytest.CaptureFixture[str]) -> None:
    get(IMAGE_ID, FakeRecords(broken=RuntimeError("the cause")))
    [record] = [line for line in lines(capsys) if line.get("level") == "ERROR"]
    assert "the cause" in record["exception"]


def test_writes_no_credentials_to_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    get(IMAGE_ID)
    get("nonsense")
    assert "not for the log" not in capsys.readouterr().out


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
IMAGE_IDS = st.sampled_from([*ROWS, UNKNOWN_ID, IMAGE_ID.upper()]) | st.uuids().map(str) | JSON
QUERY = JSON | st.fixed_dictionaries({"imageId": IMAGE_IDS | st.lists(IMAGE_IDS, max_size=3)})
HTTP_EVENTS = st.fixed_dictionaries(
    {"httpMethod": JSON},
    optional={
        "queryStringParameters": QUERY,
        "multiValueQueryStringParameters": QUERY,
        "requestContext": JSON,
        "headers": JSON,
        "body": JSON,
    },
)

DOCUMENTED = {int(status) for status in documents.operation()["responses"]}
IMAGE = documents.validator("Image")
PROBLEM = documents.validator("Problem")
quiet = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quiet
@given(HTTP_EVENTS)
def test_answers_any_http_event_as_the_api_is_described(
    capsys: pytest.CaptureFixture[str], event: dict[str, Any]
) -> None:
    response = invoke(event)
    capsys.readouterr()
    status = response["statusCode"]
    assert status in DOCUMENTED
    (IMAGE if status == 200 else PROBLEM).validate(json.loads(response["body"]))
    assert response["headers"]["Cache-Control"] == "no-store"
    assert response["headers"]["X-Content-Type-Options"] == "nosniff"
    kind = "application/json" if status == 200 else "application/problem+json"
    assert response["headers"]["Content-Type"] == kind


@quiet
@given(JSON | st.fixed_dictionaries({"imageId": IMAGE_IDS}))
def test_answers_any_direct_invocation_as_the_api_is_described(
    capsys: pytest.CaptureFixture[str], event: object
) -> None:
    answer = json.loads(json.dumps(invoke(event)))
    capsys.readouterr()
    (PROBLEM if "type" in answer else IMAGE).validate(answer)
