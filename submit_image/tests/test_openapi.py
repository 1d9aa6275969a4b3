import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from submit_image import problems
from submit_image.problems import Problem
from submit_image.urls import MAX_LENGTH

TEXT = (Path(__file__).parents[1] / "openapi.yml").read_text()
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
    return list(document["paths"]["/submit-image"].values())


def test_the_document_is_valid_in_every_mode(document: Any) -> None:
    validate(document)


def test_every_operation_is_guarded_as_the_mode_says(document: Any, mode: str) -> None:
    # API Gateway ignores what is said at the document's root.
    assert "security" not in document
    assert [operation.get("security") for operation in operations(document)] == [MODES[mode]] * 2


def test_both_ways_to_submit_answer_alike(document: Any) -> None:
    get, post = operations(document)

    assert get["responses"] == post["responses"]
    assert get["x-amazon-apigateway-integration"] == post["x-amazon-apigateway-integration"]
    assert get["x-amazon-apigateway-integration"]["type"] == "aws_proxy"


def test_every_problem_is_documented_under_its_status(document: Any) -> None:
    responses = operations(document)[0]["responses"]
    for value in vars(problems).values():
        if isinstance(value, type) and issubclass(value, Problem) and hasattr(value, "slug"):
            assert value.slug in responses[str(value.status)]["description"]


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
