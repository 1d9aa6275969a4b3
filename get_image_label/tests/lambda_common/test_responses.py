import json

import pytest

from lambda_common.problems import InvalidRequest, Problem, TemporarilyUnavailable
from lambda_common.request import Request
from lambda_common.responses import Response
from tests.lambda_common.support import api_request

HTTP = Request(api_request("GET /things"))
DIRECT = Request({"id": "a"})


def test_a_body_is_wrapped_for_api_gateway() -> None:
    answer = Response(202, {"Name": "café"}, {"Location": "/there"}).to(HTTP)

    assert answer["statusCode"] == 202
    assert answer["headers"]["Location"] == "/there"
    assert answer["headers"]["Content-Type"] == "application/json"
    assert json.loads(answer["body"]) == {"Name": "café"}
    assert answer["isBase64Encoded"] is False


def test_without_a_body_there_is_no_type_of_one() -> None:
    answer = Response(204, None).to(HTTP)

    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert "Content-Type" not in answer["headers"]


def test_a_direct_invocation_gets_the_body_itself() -> None:
    assert Response(200, {"Id": "a"}).to(DIRECT) == {"Id": "a"}
    assert Response(204, None).to(DIRECT) == {}


@pytest.mark.parametrize("problem", [InvalidRequest("No."), TemporarilyUnavailable("Busy.")])
def test_a_problem_sets_status_type_and_headers(problem: Problem) -> None:
    answer = Response.of(problem).to(HTTP)

    assert answer["statusCode"] == json.loads(answer["body"])["status"] == problem.status
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert problem.headers.items() <= answer["headers"].items()
    assert json.loads(answer["body"]) == problem.document()
    assert Response.of(problem).to(DIRECT) == problem.document()


@pytest.mark.parametrize(
    "response", [Response(200, {}), Response(204, None), Response.of(InvalidRequest("No."))]
)
def test_no_answer_is_stored_or_guessed_at(response: Response) -> None:
    headers = response.to(HTTP)["headers"]

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
