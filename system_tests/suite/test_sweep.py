"""The sweep can be run on command, and requeues what failed."""

import uuid

from suite import checks
from system_tests import pictures
from system_tests.system import System


def test_says_what_it_swept_up(system: System) -> None:
    answer = system.sweep_function.invoke({})
    assert answer.problem is None, answer
    assert set(answer.body) == {"Swept", "Failed"}
    assert all(isinstance(number, int) and number >= 0 for number in answer.body.values())


def test_requeues_a_picture_that_failed(system: System) -> None:
    # given
    url = system.uploads.upload("requeued.jpg", pictures.truncated(pictures.photo("coffee")))
    image_id = checks.accepted(system.submit(url), "POST")
    before = system.final(image_id).body
    assert before["Status"] == "FAILED", before

    # when
    answer = system.sweep_function.invoke({"requeue": {"imageId": image_id, "by": "the suite"}})

    # then it is tried again, and fails again
    assert answer.body == {"Requeued": 1, "Skipped": 0, "Next": None}
    assert system.final(image_id).body == before


def test_requeues_no_picture_that_it_does_not_know(system: System) -> None:
    answer = system.sweep_function.invoke({"requeue": {"imageId": str(uuid.uuid4())}})
    assert answer.body == {"Requeued": 0, "Skipped": 1, "Next": None}


def test_refuses_to_requeue_for_a_reason_that_there_is_not(system: System) -> None:
    answer = system.sweep_function.invoke({"requeue": {"reason": "bad-reason"}})
    assert answer.problem == "invalid-request"
    assert "reason must be one of" in answer.body["detail"]
