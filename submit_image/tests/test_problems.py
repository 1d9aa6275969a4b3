import pytest

from submit_image import problems
from submit_image.problems import InternalError, Problem, TemporarilyUnavailable

CONCRETE = [
    value
    for value in vars(problems).values()
    if isinstance(value, type) and issubclass(value, Problem) and hasattr(value, "slug")
]


def test_every_documented_problem_exists_with_its_status() -> None:
    assert {problem.slug: problem.status for problem in CONCRETE} == {
        "invalid-request": 400,
        "invalid-url": 400,
        "url-not-allowed": 400,
        "image-not-available": 422,
        "remote-failed": 422,
        "remote-timeout": 422,
        "too-many-redirects": 422,
        "image-too-large": 413,
        "unsupported-image": 415,
        "invalid-image": 422,
        "temporarily-unavailable": 503,
        "internal-error": 500,
    }


@pytest.mark.parametrize("problem", CONCRETE)
def test_a_problem_is_shown_as_rfc_9457_says(problem: type[Problem]) -> None:
    assert problem("This is wrong.").document() == {
        "type": f"urn:imagelabeller:problem:{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": "This is wrong.",
    }


def test_only_faults_of_ours_are_server_errors() -> None:
    assert {problem for problem in CONCRETE if problem.status >= 500} == {
        InternalError,
        TemporarilyUnavailable,
    }


def test_the_client_is_told_when_to_try_again() -> None:
    assert int(TemporarilyUnavailable.headers["Retry-After"]) > 0
