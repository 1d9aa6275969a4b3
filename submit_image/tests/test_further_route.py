"""A further route is what the README says: one module, one line, and one operation."""

import json
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from aws_lambda_powertools import Logger, Metrics
from openapi_spec_validator import validate

from deploy import document
from lambda_common.api import Handler, Outcome, Outcomes, create_handler
from lambda_common.callers import SystemTests
from lambda_common.request import Request
from lambda_common.responses import Response
from tests.lambda_common.support import FakeContext, api_request
from tests.test_openapi import resolved

pytestmark = pytest.mark.usefixtures("aws_environment")

ROOT = Path(__file__).parents[1]
SECTION = (ROOT / "README.md").read_text().partition("### Add a route\n")[2].partition("\n## ")[0]


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    assert found
    return found[1]


class Existing:
    """A route that was there before."""

    outcomes = Outcomes(
        done=Outcome("Done", "Done"),
        refused=Outcome("Refused", "Refused"),
        failed=Outcome("Failed", "Failed"),
    )

    def __call__(self, request: Request) -> Response:
        return Response(202, {"Method": request.method})


@pytest.fixture
def handler() -> Handler:
    module: dict[str, Any] = {}
    exec(block("python"), module)  # noqa: S102 - the README's own
    existing = Existing()
    return create_handler(
        {
            "GET /submit-image": existing,
            "GET /uploads": module["ListTypes"](("image/gif", "image/png")),
        },
        direct=existing,
        system_tests=SystemTests(frozenset()),
        logger=Logger(service="second_route"),
        metrics=Metrics(namespace="ImageLabeller", service="submit_image"),
    )


def counted(capsys: pytest.CaptureFixture[str]) -> set[str]:
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    [directive] = [line["_aws"]["CloudWatchMetrics"][0] for line in lines if "_aws" in line]
    return {metric["Name"] for metric in directive["Metrics"]}


def test_the_new_route_is_taken_and_counted(
    handler: Handler, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = handler(api_request("GET /uploads"), FakeContext())  # type: ignore[arg-type] # all that is read

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"ContentTypes": ["image/gif", "image/png"]}
    assert counted(capsys) == {"TypesListed"}


def test_its_problems_are_answered_and_counted_as_its_own(
    handler: Handler, capsys: pytest.CaptureFixture[str]
) -> None:
    event = api_request("GET /uploads", queryStringParameters={"size": "1"})

    answer = handler(event, FakeContext())  # type: ignore[arg-type] # all that is read

    assert answer["statusCode"] == 400
    assert counted(capsys) == {"ListingsRefused"}


def test_the_other_routes_stay_what_they_were(
    handler: Handler, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = handler(api_request("GET /submit-image"), FakeContext())  # type: ignore[arg-type]

    assert answer["statusCode"] == 202
    assert counted(capsys) == {"Done"}


def test_the_operation_is_all_that_the_api_needs(tmp_path: Path) -> None:
    # given
    text = (ROOT / "openapi.yml").read_text()
    path = "  /uploads:\n"
    members = r"^      (?:security|x-amazon-apigateway-integration):\n(?: {8}.*\n)+"
    as_elsewhere = "".join(re.findall(members, text, re.MULTILINE)[:2])
    operation = textwrap.indent(block("yaml"), "    ") + as_elsewhere
    assert path in text

    # when
    (tmp_path / "template.yml").write_text((ROOT / "template.yml").read_text())
    (tmp_path / "openapi.yml").write_text(text.replace(path, path + operation))
    packaged = document.packaged(tmp_path / "template.yml")

    # then
    description = yaml.safe_load((tmp_path / "openapi.yml").read_text())
    assert set(description["paths"]["/uploads"]) == {"get", "post"}
    for mode in ("ApiKey", "IAM", "None"):
        validate(resolved(description, mode))
    assert "operationId: listTypes" in packaged
    assert packaged != document.packaged(ROOT / "template.yml")
