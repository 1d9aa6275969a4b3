import re

import pytest

from get_image_label import problems
from get_image_label.problems import Problem

KINDS = Problem.__subclasses__()


@pytest.mark.parametrize("kind", KINDS)
def test_writes_a_document_of_rfc_9457(kind: type[Problem]) -> None:
    document = kind("The case.").document()
    assert list(document) == ["type", "title", "status", "detail"]
    assert re.fullmatch("urn:imagelabeller:problem:[a-z]+(-[a-z]+)*", str(document["type"]))
    assert document["status"] == kind.status
    assert document["detail"] == "The case."


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.slug for kind in KINDS}) == len({kind.title for kind in KINDS}) == len(KINDS)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)\s+(\d{3})", str(problems.__doc__))
    assert drawn == [(kind.__name__, str(kind.status)) for kind in KINDS]


def test_what_passes_says_when_to_try_again() -> None:
    assert [kind.slug for kind in KINDS if "Retry-After" in kind.headers] == [
        "temporarily-unavailable"
    ]
