import itertools
import json
import re
import sys
from typing import Any
from uuid import UUID

import pytest
from aws_lambda_powertools import Logger, Metrics
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from get_image_label.look_up import LookUp
from get_image_label.problems import InvalidImageId
from get_image_label.routes.get_image_label import EXAMPLE, GetImageLabel, image_id_of
from lambda_common.api import create_handler
from lambda_common.callers import SystemTests
from lambda_common.problems import TemporarilyUnavailable
from lambda_common.request import Request
from tests import documents
from tests.fakes import CLASSIFIED, IMAGE_ID, NOW, UNKNOWN_ID, FakeRows
from tests.lambda_common.support import FakeContext
from tests.samples import http_event

SERIAL = itertools.count()
WAITING = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c56"
BARE = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c57"
CORRUPT = "1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c58"
ROWS = {
    IMAGE_ID: CLASSIFIED,
    WAITING: {"Id": WAITING, "Status": "NOT_CLASSIFIED", "SubmittedAt": "2026-11-23T07:51:11.123Z"},
    BARE: {"Id": BARE},
    CORRUPT: {"Id": CORRUPT, "Status": "CLASSIFIED", "Labels": ["espresso"]},
}


def invoke(event: object, rows: FakeRows | None = None) -> dict[str, Any]:
    route = GetImageLabel(LookUp(rows=rows or FakeRows(ROWS), clock=lambda: NOW))
    # Powertools keeps a logger by the name of its service, and its first stream with it.
    handler = create_handler(
        {"GET /get-image-label": route},
        direct=route,
        system_tests=SystemTests(frozenset()),
        logger=Logger(service=f"test-{next(SERIAL)}", stream=sys.stdout),
        metrics=Metrics(namespace="ImageLabeller", service="get_image_label"),
    )
    return handler(event, FakeContext())  # type: ignore[arg-type] # all that is read


def get(image_id: str, rows: FakeRows | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    response = invoke(http_event({"imageId": [image_id]}), rows)
    return response, json.loads(response["body"])


def test_answers_a_get_with_what_is_known() -> None:
    response, body = get(IMAGE_ID)
    assert response["statusCode"] == 200
    assert body["ImageLabel"] == "espresso, coffee mug"


def test_answers_a_direct_invocation_with_the_same_body() -> None:
    assert invoke({"imageId": IMAGE_ID}) == get(IMAGE_ID)[1]


def test_looks_the_normalised_id_up() -> None:
    rows = FakeRows(ROWS)
    invoke({"imageId": IMAGE_ID.upper()}, rows)
    assert rows.asked_for == [IMAGE_ID]


def test_answers_an_unknown_id_with_404() -> None:
    response, problem = get(UNKNOWN_ID)
    assert response["statusCode"] == 404
    assert problem["type"] == "urn:imagelabeller:problem:unknown-image"
    assert invoke({"imageId": UNKNOWN_ID}) == problem


def test_answers_a_malformed_id_with_400_and_reads_nothing() -> None:
    rows = FakeRows(ROWS)
    response, problem = get("nonsense", rows)
    assert response["statusCode"] == 400
    assert problem["type"] == "urn:imagelabeller:problem:invalid-image-id"
    assert rows.asked_for == []


def test_answers_a_throttle_with_503_and_when_to_come_back() -> None:
    response, problem = get(IMAGE_ID, FakeRows(broken=TemporarilyUnavailable("Try again.")))
    assert response["statusCode"] == 503
    assert response["headers"]["Retry-After"]
    assert problem["detail"] == "Try again."


@pytest.mark.parametrize("image_id", [IMAGE_ID, CORRUPT])
def test_a_fault_of_ours_shows_nothing_of_the_inside(image_id: str) -> None:
    broken = RuntimeError("arn:aws:dynamodb:us-west-1:123456789012:table/ImageLabels: secret")
    rows = FakeRows(broken=broken) if image_id == IMAGE_ID else FakeRows(ROWS)
    response, problem = get(image_id, rows)
    assert response["statusCode"] == 500
    assert problem["type"] == "urn:imagelabeller:problem:internal-error"
    assert not re.search("arn:|secret|Error|Traceback", problem["detail"])


def test_says_when_to_ask_again_about_an_image_that_waits_and_about_no_other() -> None:
    assert int(get(WAITING)[0]["headers"]["Retry-After"]) > 0
    assert "Retry-After" not in get(IMAGE_ID)[0]["headers"]


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
    invoke(event, FakeRows(ROWS, broken=broken))

    lines = map(json.loads, capsys.readouterr().out.splitlines())
    [counted] = [line["_aws"]["CloudWatchMetrics"][0] for line in lines if "_aws" in line]
    assert counted["Metrics"] == [{"Name": metric, "Unit": "Count"}]
    assert counted["Dimensions"] == [["service"]]


def test_records_what_was_looked_up(capsys: pytest.CaptureFixture[str]) -> None:
    get(WAITING)

    lines = map(json.loads, capsys.readouterr().out.splitlines())
    [line] = [line for line in lines if line.get("message") == "Image looked up"]
    assert (line["image_id"], line["status"]) == (WAITING, "NOT_CLASSIFIED")


@given(st.uuids(allow_nil=True))
def test_takes_a_uuid_of_any_version_from_both_kinds_of_event(uuid: UUID) -> None:
    assert image_id_of(Request({"imageId": str(uuid)})) == str(uuid)
    assert image_id_of(Request(http_event({"imageId": [str(uuid)]}))) == str(uuid)


def test_writes_the_id_in_lower_case_as_it_is_stored() -> None:
    assert image_id_of(Request({"imageId": IMAGE_ID.upper()})) == IMAGE_ID


def test_takes_an_event_that_has_no_multi_value_parameters() -> None:
    event = http_event({"imageId": [IMAGE_ID]})
    del event["multiValueQueryStringParameters"]
    assert image_id_of(Request(event)) == IMAGE_ID


def test_ignores_parameters_it_does_not_know() -> None:
    assert (
        image_id_of(Request(http_event({"imageId": [IMAGE_ID], "utm_source": ["x"]}))) == IMAGE_ID
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1",
        IMAGE_ID[:-1],
        IMAGE_ID + "0",
        IMAGE_ID + "\n",
        " " + IMAGE_ID,
        IMAGE_ID.replace("-", ""),
        "{" + IMAGE_ID + "}",
        "urn:uuid:" + IMAGE_ID,
        IMAGE_ID.replace("-", "\u2010"),
        IMAGE_ID.replace("1", "\u0661"),  # an Arabic-Indic digit: `\\d` would take it
        IMAGE_ID.replace("f", "g"),
        IMAGE_ID[:8] + IMAGE_ID[9:13] + "--" + IMAGE_ID[14:],
        "../" * 12,
        "'; DROP TABLE ImageLabels; --",
        "\ud800" * 36,
        "a" * 100_000,
    ],
)
def test_refuses_text_that_is_not_a_uuid_in_its_canonical_form(text: str) -> None:
    for event in ({"imageId": text}, http_event({"imageId": [text]})):
        with pytest.raises(InvalidImageId, match="canonical form"):
            image_id_of(Request(event))


@pytest.mark.parametrize("value", [0, 1.5, True, [IMAGE_ID], {"S": IMAGE_ID}])
def test_refuses_what_is_not_text(value: object) -> None:
    with pytest.raises(InvalidImageId, match="canonical form"):
        image_id_of(Request({"imageId": value}))


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"imageId": None},
        [],
        [IMAGE_ID],
        None,
        1,
        IMAGE_ID,
        http_event(None),
    ],
)
def test_says_that_the_id_is_missing(event: Any) -> None:
    with pytest.raises(InvalidImageId, match="missing"):
        image_id_of(Request(event))


def test_refuses_two_ids_rather_than_choosing_one() -> None:
    with pytest.raises(InvalidImageId, match="more than once"):
        image_id_of(Request(http_event({"imageId": [IMAGE_ID, IMAGE_ID]})))


def test_never_repeats_what_it_was_given() -> None:
    with pytest.raises(InvalidImageId) as refusal:
        image_id_of(Request({"imageId": "<script>"}))
    assert "<script>" not in refusal.value.detail


def test_shows_an_example_that_it_would_take() -> None:
    assert image_id_of(Request({"imageId": EXAMPLE})) == EXAMPLE


@given(st.text(alphabet="0123456789abcdefABCDEF-{} \n", max_size=40))
def test_agrees_with_the_canonical_form_for_any_text(text: str) -> None:
    canonical = re.fullmatch("-".join(f"[0-9a-fA-F]{{{size}}}" for size in (8, 4, 4, 4, 12)), text)
    if canonical:
        assert image_id_of(Request({"imageId": text})) == str(UUID(text))
    else:
        with pytest.raises(InvalidImageId):
            image_id_of(Request({"imageId": text}))


@pytest.mark.parametrize("name", ["ImageId", "imageid", "IMAGEID", "image_id", "id", "Id"])
def test_the_answers_name_is_distinguished_from_the_parameters(name: str) -> None:
    query = {**http_event(None), "queryStringParameters": {name: IMAGE_ID}}

    for event in ({name: IMAGE_ID}, query):
        with pytest.raises(InvalidImageId, match=f"is called imageId, not {name}\\."):
            image_id_of(Request(event))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
IMAGE_IDS = st.sampled_from([*ROWS, UNKNOWN_ID, IMAGE_ID.upper()]) | st.uuids().map(str) | JSON
QUERY = JSON | st.fixed_dictionaries({"imageId": IMAGE_IDS | st.lists(IMAGE_IDS, max_size=3)})
HTTP_EVENTS = st.fixed_dictionaries(
    {"httpMethod": st.just("GET") | JSON, "resource": st.just("/get-image-label") | JSON},
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
