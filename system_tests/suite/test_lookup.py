"""Images are looked up by their ids."""

import uuid

import pytest

from suite import checks
from system_tests import pictures
from system_tests.system import System

MALFORMED = [
    "nonsense",
    "",
    "1234",
    "{" + str(uuid.UUID(int=1)) + "}",
    uuid.UUID(int=1).hex,
    "é" * 36,
]


@pytest.fixture(scope="module")
def image_id(system: System) -> str:
    url = system.uploads.upload("lookup.jpg", pictures.photo("coffee"))
    accepted = checks.accepted(system.submit(url), "POST")
    checks.classified(system.final(accepted), system)
    return accepted


def test_answers_the_same_through_the_api_and_directly(system: System, image_id: str) -> None:
    direct = system.lookup_function.invoke({"imageId": image_id})
    assert direct.body == system.look_up(image_id).body


def test_takes_an_id_in_capitals(system: System, image_id: str) -> None:
    answer = system.look_up(image_id.upper())
    assert answer.status == 200
    assert answer.body["ImageId"] == image_id


def test_does_not_know_an_id_that_was_never_given_out(system: System) -> None:
    unknown = str(uuid.uuid4())
    checks.refused(system.look_up(unknown), "GET", 404, "unknown-image")
    direct = system.lookup_function.invoke({"imageId": unknown})
    checks.refused(direct, "direct", 404, "unknown-image")


@pytest.mark.parametrize("malformed", MALFORMED)
def test_refuses_what_is_no_id(system: System, malformed: str) -> None:
    checks.refused(system.look_up(malformed), "GET", 400, "invalid-image-id")
    direct = system.lookup_function.invoke({"imageId": malformed})
    checks.refused(direct, "direct", 400, "invalid-image-id")


@pytest.mark.parametrize("query", ["", "imageid=x", "imageId=a&imageId=b"])
def test_refuses_a_query_without_one_id(system: System, query: str) -> None:
    checks.refused(system.lookup_api.get(query), "GET", 400, "invalid-image-id")
