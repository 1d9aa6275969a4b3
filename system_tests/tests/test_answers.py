import pytest

from system_tests.answers import Answer


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ({"type": "urn:imagelabeller:problem:forbidden"}, "forbidden"),
        ({"type": "about:blank"}, None),
        ({"type": None}, None),
        ({"message": "Forbidden"}, None),
        (["type"], None),
        (None, None),
    ],
)
def test_tells_a_problem_by_its_type(body: object, slug: str | None) -> None:
    assert Answer(403, {}, body).problem == slug
