import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from deploy.document import inlined
from submit_image.offering import CONTENT_TYPES
from submit_image.urls import MAX_LENGTH
from tests.lambda_common.support import kinds

TEXT = inlined((Path(__file__).parents[1] / "openapi.yml").read_text(), "openapi.yml")
MODES: dict[str, Any] = {"ApiKey": [{"ApiKey": []}], "IAM": [{"Sigv4": []}], "None": None}
ABSENT = {"Ref": "AWS::NoValue"}


def resolved(node: Any, mode: str) -> Any:
    """Resolve the intrinsic functions as CloudFormation does for a mode."""
    match node:
        case {"Fn::If": [condition, yes, no]}:
            holds = {"UsesApiKey": "ApiKey", "UsesIam": "IAM"}[condition] == mode
            return resolved(yes if holds else no, mode)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{[\w:.]+\}", "x", text)
        case {"Ref": "AWS::StackName"}:
            return "OpenDevOpsSubmitImage"
        case dict():
            values = {name: resolved(value, mode) for name, value in node.items()}
            return {name: value for name, value in values.items() if value != ABSENT}
        case list():
            return [resolved(value, mode) for value in node]
        case _:
            return node


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def document(mode: str) -> Any:
    return resolved(yaml.safe_load(TEXT), mode)


def operations(document: Any) -> list[Any]:
    return [each for path in document["paths"].values() for each in path.values()]


def test_the_document_is_valid_in_every_mode(document: Any) -> None:
    validate(document)


def test_every_operation_is_guarded_as_the_mode_says(document: Any, mode: str) -> None:
    # API Gateway ignores settings at the document's root.
    assert "security" not in document
    assert [operation.get("security") for operation in operations(document)] == [MODES[mode]] * 4


def test_both_ways_to_submit_answer_alike(document: Any) -> None:
    get, post, *_ = operations(document)

    # What is missing where an upload is submitted.
    assert post["responses"].pop("404")
    assert get["responses"] == post["responses"]


def test_every_operation_is_the_functions(document: Any) -> None:
    get, *others = [each["x-amazon-apigateway-integration"] for each in operations(document)]

    assert others == [get] * 3
    assert get["type"] == "aws_proxy"


def test_every_problem_is_documented_under_its_status(document: Any) -> None:
    descriptions = [
        (status, response["description"])
        for operation in operations(document)
        for status, response in operation["responses"].items()
    ]
    for kind in kinds():
        assert [
            text
            for status, text in descriptions
            if status == str(kind.status) and kind.slug in text
        ]


def test_the_types_that_may_be_uploaded_are_those_that_are_offered(document: Any) -> None:
    schemas = document["components"]["schemas"]

    assert schemas["File"]["properties"]["contentType"]["enum"] == [*CONTENT_TYPES]


def test_the_url_has_the_length_that_is_enforced(document: Any) -> None:
    assert document["components"]["schemas"]["Url"]["maxLength"] == MAX_LENGTH


def test_the_gateway_answers_with_problem_documents(document: Any) -> None:
    responses = document["x-amazon-apigateway-gateway-responses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "INVALID_API_KEY", "THROTTLED"} <= set(responses)
    for response in responses.values():
        headers = response["responseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        body = yaml.safe_load(response["responseTemplates"]["application/json"])
        assert body["type"].startswith("urn:imagelabeller:problem:")
        assert body["title"]
        assert body["detail"]
        assert body.get("status") == response.get("statusCode")


def test_aws_can_read_the_text() -> None:
    # CloudFormation's YAML has no aliases, and AWS::Include knows no short forms of its functions.
    assert not re.search(r"(?<=[\s\[])[&*]\w", TEXT)
    assert not re.search(r"\s!\w", TEXT)
