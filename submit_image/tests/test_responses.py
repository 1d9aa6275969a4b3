import json
from typing import Any

import pytest

from submit_image import responses
from submit_image.problems import ImageTooLarge, Problem, TemporarilyUnavailable
from submit_image.service import Accepted
from tests.support.events import get

ACCEPTED = Accepted("4d497920-e1ae-4039-adc3-183f4de81e06", "NOT_CLASSIFIED")
BODY = {"ImageId": ACCEPTED.image_id, "Status": "NOT_CLASSIFIED"}


def test_the_api_answers_202_and_says_where_the_label_will_be() -> None:
    answer = responses.accepted(get("url=x"), ACCEPTED)

    assert answer["statusCode"] == 202
    assert answer["headers"]["Location"] == f"/get-image-label?imageId={ACCEPTED.image_id}"
    assert answer["headers"]["Content-Type"] == "application/json"
    assert json.loads(answer["body"]) == BODY
    assert answer["isBase64Encoded"] is False


def test_a_direct_invocation_gets_the_same_body() -> None:
    assert responses.accepted({"url": "x"}, ACCEPTED) == BODY


@pytest.mark.parametrize("problem", [ImageTooLarge("Too big."), TemporarilyUnavailable("Busy.")])
def test_the_api_answers_a_problem_with_its_status(problem: Problem) -> None:
    answer = responses.problem(get("url=x"), problem)

    assert answer["statusCode"] == problem.status
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert problem.headers.items() <= answer["headers"].items()
    assert json.loads(answer["body"]) == problem.document()


def test_a_direct_invocation_gets_the_problem_itself() -> None:
    problem = ImageTooLarge("Too big.")

    assert responses.problem({"url": "x"}, problem) == problem.document()


@pytest.mark.parametrize(
    "answer",
    [
        responses.accepted(get("url=x"), ACCEPTED),
        responses.problem(get("url=x"), ImageTooLarge("Too big.")),
    ],
)
def test_no_answer_is_stored_or_guessed_at(answer: dict[str, Any]) -> None:
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
