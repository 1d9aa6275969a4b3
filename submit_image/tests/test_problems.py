import re

from submit_image import problems
from tests.lambda_common.support import kinds


def test_every_documented_problem_exists_with_its_status() -> None:
    assert {problem.slug: problem.status for problem in kinds()} == {
        "invalid-request": 400,
        "invalid-url": 400,
        "url-not-allowed": 400,
        "invalid-image-id": 400,
        "unknown-upload": 404,
        "image-not-available": 422,
        "remote-failed": 422,
        "remote-timeout": 422,
        "too-many-redirects": 422,
        "image-too-large": 413,
        "unsupported-image": 415,
        "invalid-image": 422,
        "too-many-pixels": 422,
        "temporarily-unavailable": 503,
        "internal-error": 500,
    }


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = set(re.findall(r"── (\w+) +(\d{3})", str(problems.__doc__)))
    own = [kind for kind in kinds() if kind.__module__ == problems.__name__]

    assert drawn == {(kind.__name__, str(kind.status)) for kind in own}
