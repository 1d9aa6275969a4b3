"""A picture is submitted, waited for and told with its labels."""

from typing import Any

import pytest

from local_aws import CloudError
from local_aws.api import Route
from local_aws.labelling import PATIENCE, Labelled, Labeller

FOUND = {
    "ImageId": "i",
    "Status": "CLASSIFIED",
    "Labels": [{"Name": "pug", "Confidence": 0.9}, {"Name": "tabby", "Confidence": 0.05}],
    "Model": {"Name": "lite", "Version": "1"},
}
WAITING = {"ImageId": "i", "Status": "NOT_CLASSIFIED"}


class Scripted(Route):
    """A route that gives the answers it was given; the last one for ever."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        super().__init__("http://nowhere")
        self.__dict__ |= {"answers": list(answers), "asked": []}

    def get(self, **query: str) -> dict[str, Any]:
        self.__dict__["asked"].append(query)
        answers = self.__dict__["answers"]
        return dict(answers.pop(0) if len(answers) > 1 else answers[0])


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def labeller(lookup: Scripted, submit: Scripted | None = None) -> Labeller:
    clock = Clock()
    return Labeller(submit or Scripted(WAITING), lookup, clock, clock.sleep)


def test_labels_are_waited_for() -> None:
    lookup = Scripted(WAITING, WAITING, FOUND)
    submit = Scripted(WAITING)

    labelled = labeller(lookup, submit).label("https://x/y.jpg")

    assert submit.__dict__["asked"] == [{"url": "https://x/y.jpg"}]
    assert lookup.__dict__["asked"] == [{"imageId": "i"}] * 3
    assert labelled == Labelled("i", (("pug", 0.9), ("tabby", 0.05)), "lite 1", 0.2)


def test_a_picture_that_fails_is_told_with_its_reason() -> None:
    failed = {"ImageId": "i", "Status": "FAILED", "FailureReason": "It is truncated."}

    with pytest.raises(CloudError, match=r"Image i could not be labelled: It is truncated\."):
        labeller(Scripted(failed)).label("https://x")


def test_patience_ends() -> None:
    with pytest.raises(CloudError, match=f"Image i has no label after {PATIENCE} s: make logs"):
        labeller(Scripted(WAITING)).label("https://x")


def test_a_model_need_not_be_named() -> None:
    found = {**FOUND, "Model": None}

    assert labeller(Scripted(found)).label("https://x").model == "unknown"
