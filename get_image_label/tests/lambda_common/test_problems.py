import re

import pytest

from lambda_common.problems import Problem, TemporarilyUnavailable
from tests.lambda_common.support import kinds

KINDS = list(kinds())


@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_is_shown_as_rfc_9457_says(kind: type[Problem]) -> None:
    assert kind("This is wrong.").document() == {
        "type": f"urn:imagelabeller:problem:{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": "This is wrong.",
    }
    assert re.fullmatch("[a-z]+(-[a-z]+)*", kind.slug)


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.slug for kind in KINDS}) == len({kind.title for kind in KINDS}) == len(KINDS)


def test_what_passes_says_when_to_try_again() -> None:
    assert [kind for kind in KINDS if "Retry-After" in kind.headers] == [TemporarilyUnavailable]
    assert int(TemporarilyUnavailable.headers["Retry-After"]) > 0
