import json
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from get_image_label.routes.get_image_label import UUID
from get_image_label.row import READ, Status
from tests import documents
from tests.lambda_common.support import kinds

GATEWAY_RESPONSES = documents.openapi()["x-amazon-apigateway-gateway-responses"]


@pytest.mark.parametrize("auth_mode", documents.AUTH_MODES)
def test_is_a_valid_description_in_each_mode(auth_mode: str) -> None:
    OpenAPIV30SpecValidator(documents.openapi(auth_mode)).validate()


@pytest.mark.parametrize(
    ("auth_mode", "security"),
    [("ApiKey", [{"ApiKey": []}]), ("IAM", [{"Sigv4": []}]), ("None", None)],
)
def test_asks_for_what_the_mode_says(auth_mode: str, security: object) -> None:
    operation = documents.openapi(auth_mode)["paths"]["/get-image-label"]["get"]
    assert operation.get("security") == security


def test_every_problem_of_the_function_is_described() -> None:
    responses = documents.operation()["responses"]
    for kind in kinds():
        assert kind.slug in responses[str(kind.status)]["description"]


def test_every_example_is_what_the_schema_describes() -> None:
    content = documents.operation()["responses"]["200"]["content"]["application/json"]
    assert {example["value"]["Status"] for example in content["examples"].values()} == {
        "NOT_CLASSIFIED",
        "CLASSIFIED",
        "FAILED",
    }
    for example in content["examples"].values():
        documents.validator("Image").validate(example["value"])


def test_describes_the_id_that_the_function_takes() -> None:
    [parameter] = documents.operation()["parameters"]
    assert parameter["schema"]["pattern"] == f"^{UUID.pattern}$"
    assert UUID.fullmatch(parameter["example"])


@pytest.mark.parametrize("name", GATEWAY_RESPONSES)
def test_the_gateway_answers_with_problems_too(name: str) -> None:
    response: dict[str, Any] = GATEWAY_RESPONSES[name]
    assert (
        response["responseParameters"].items()
        >= {
            "gatewayresponse.header.Cache-Control": "'no-store'",
            "gatewayresponse.header.Content-Type": "'application/problem+json'",
            "gatewayresponse.header.X-Content-Type-Options": "'nosniff'",
        }.items()
    )
    text = response["responseTemplates"]["application/json"]
    problem = json.loads(text.replace("$context.error.messageString", '"message"'))
    documents.validator("Problem").validate(problem)
    assert problem.get("status") == response.get("statusCode")
    assert re.fullmatch("urn:imagelabeller:problem:[a-z]+(-[a-z]+)*", problem["type"])


def test_no_answer_of_the_gateway_keeps_its_own_form() -> None:
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "INVALID_API_KEY", "THROTTLED"} <= set(GATEWAY_RESPONSES)


def test_every_status_of_the_gateway_is_described() -> None:
    described = {int(status) for status in documents.operation()["responses"]}
    sent = {response.get("statusCode") for response in GATEWAY_RESPONSES.values()}
    # A request with a body is refused before it is matched with an operation.
    assert sent - {None, 413} <= described


def test_uses_no_short_forms_which_an_include_cannot_read() -> None:
    text = (documents.HERE / "openapi.yml").read_text()
    assert not re.search(r"(^|\s)![A-Z]", text)


def test_uses_no_aliases_which_cloudformation_does_not_support() -> None:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    text = (documents.HERE / "openapi.yml").read_text()
    assert not re.search(r"[:-] +[&*]\w", text)


def test_the_answer_has_the_statuses_and_attributes_of_the_row() -> None:
    schema = documents.openapi()["components"]["schemas"]["Image"]

    assert schema["properties"]["Status"]["enum"] == [*Status]
    # The id, and the field that the original functions had, are called otherwise in an answer.
    shown = set(READ) - {"Id", "Label", "ExpiresAt"} | {"ImageId", "ImageLabel"}
    assert set(schema["properties"]) == shown
