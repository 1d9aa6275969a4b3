import json

from get_image_label.problems import InvalidImageId, TemporarilyUnavailable
from get_image_label.responses import http_problem, http_success


def test_wraps_a_body_for_api_gateway() -> None:
    response = http_success({"ImageLabel": "café"})
    assert response["statusCode"] == 200
    assert response["isBase64Encoded"] is False
    assert json.loads(response["body"]) == {"ImageLabel": "café"}


def test_nothing_may_keep_or_sniff_an_answer() -> None:
    assert http_success({})["headers"] == {
        "Cache-Control": "no-store",
        "Content-Type": "application/json",
        "X-Content-Type-Options": "nosniff",
    }


def test_a_problem_sets_the_status_and_type_of_the_response() -> None:
    response = http_problem(InvalidImageId("It is missing."))
    assert response["statusCode"] == json.loads(response["body"])["status"] == 400
    assert response["headers"] == {
        "Cache-Control": "no-store",
        "Content-Type": "application/problem+json",
        "X-Content-Type-Options": "nosniff",
    }


def test_says_when_to_try_again() -> None:
    assert int(http_problem(TemporarilyUnavailable("Wait."))["headers"]["Retry-After"]) > 0
