"""What holds for every answer of a kind."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from system_tests.answers import Answer
from system_tests.system import System, Way

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def accepted(answer: Answer, way: Way) -> str:
    """Check that a submission was accepted, and return the image's id."""
    assert answer.problem is None, answer
    image_id = answer.body["ImageId"]
    assert answer.body == {"ImageId": image_id, "Status": "NOT_CLASSIFIED"}
    assert image_id == str(UUID(image_id))
    if way != "direct":
        assert answer.status == 202, answer
        headed(answer, "application/json")
        assert answer.headers["Location"] == f"/get-image-label?imageId={image_id}"
    return str(image_id)


def refused(answer: Answer, way: Way, status: int, *slugs: str) -> None:
    """Check that a request was refused, and how."""
    assert answer.problem in slugs, answer
    assert answer.status == answer.body["status"] == status
    assert answer.body["title"]
    assert answer.body["detail"]
    assert "ImageId" not in answer.body
    if way != "direct":
        headed(answer, "application/problem+json")


def headed(answer: Answer, content_type: str) -> None:
    """Check the headers of an answer over HTTP."""
    assert answer.headers["Content-Type"].split(";")[0] == content_type
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def classified(answer: Answer, system: System) -> list[str]:
    """Check all that a labelled image's look-up says, and return the names of its labels."""
    assert answer.status == 200, answer
    headed(answer, "application/json")
    body: dict[str, Any] = answer.body
    assert body["Status"] == "CLASSIFIED", body
    names = [label["Name"] for label in body["Labels"]]
    confidences = [label["Confidence"] for label in body["Labels"]]
    assert len(names) == len(set(names)) == 5
    assert body["ImageLabel"] == ", ".join(names)
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert sum(confidences) <= 1.000_01
    assert body["Model"] == system.model
    assert "FailureReason" not in body
    assert "SourceUrl" not in body
    assert TIME.fullmatch(body["SubmittedAt"])
    assert TIME.fullmatch(body["ClassifiedAt"])
    assert timedelta(0) <= latency(body) <= timedelta(seconds=system.settings.label_seconds)
    return names


def latency(body: dict[str, Any]) -> timedelta:
    """How long a picture waited for its label."""
    submitted, done = (datetime.fromisoformat(body[key]) for key in ("SubmittedAt", "ClassifiedAt"))
    return done - submitted
