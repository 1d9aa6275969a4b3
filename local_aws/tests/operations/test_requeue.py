"""Requeueing says how many pictures wait again, and goes on until none is left."""

from typing import Any

import pytest

from local_aws import Cloud, Settings, UsageError, cli
from local_aws.deploying.aws import Aws
from local_aws.errors import CloudError
from local_aws.operations.requeue import outcome, requeue, send
from tests.operations.conftest import Printed, Project

COMMAND = {"requeue": {"reason": "model-busy"}}


def answer(requeued: int, following: Any = None, skipped: int = 0) -> dict[str, Any]:
    return {"Requeued": requeued, "Skipped": skipped, "Next": following}


class Function:
    """A function that gives answers, and remembers what it was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, command: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(command)
        return self.answers.pop(0)


def test_the_commands_that_go_on_are_sent_until_nothing_is_left() -> None:
    second, third = {"requeue": {"from": "2"}}, {"requeue": {"from": "3"}}
    function = Function(answer(100, second), answer(99, third, skipped=1), answer(7))

    assert send(COMMAND, function) == (206, 1)
    assert function.asked == [COMMAND, second, third]


def test_what_does_not_advance_is_not_sent_for_ever() -> None:
    assert send(COMMAND, Function(answer(0, COMMAND, skipped=100))) == (0, 100)


@pytest.mark.parametrize(
    ("requeued", "skipped", "sentence"),
    [
        (1, 0, "1 picture waits for labels again."),
        (2, 0, "2 pictures wait for labels again."),
        (0, 1, "0 pictures wait for labels again. 1 left alone: not known there, not FAILED any"),
    ],
)
def test_a_picture_that_is_left_alone_may_not_be_known(
    requeued: int, skipped: int, sentence: str
) -> None:
    assert outcome(requeued, skipped).startswith(sentence)


def test_what_the_function_refuses_is_reported_in_the_users_words() -> None:
    problem = {"status": 400, "detail": "imageId must be a UUID."}

    with pytest.raises(UsageError, match=r"^IMAGE_ID must be a UUID\.$"):
        send(COMMAND, Function(problem))


def test_something_has_to_be_named(settings: Settings, printed: Printed) -> None:
    target = Aws(settings, Cloud(settings).progress)

    with pytest.raises(UsageError, match="Name what to requeue: make requeue IMAGE_ID="):
        requeue(target, printed, {"CLOUD": "aws"})


def test_a_cloud_that_does_not_run_is_reported(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Any,
) -> None:
    monkeypatch.setenv("IMAGELABELLER_STATE", str(tmp_path))
    monkeypatch.setenv("IMAGELABELLER_REASON", "model-busy")

    assert cli.main(["requeue"]) == 1
    assert "make up" in capsys.readouterr().err


def test_an_application_that_is_not_deployed_is_reported(
    project: Project, printed: Printed
) -> None:
    target = project.target
    target.components["invoke_labeller"] = target.components["echo"]

    with pytest.raises(CloudError, match="is not deployed there: make deploy"):
        requeue(target, printed, {"REASON": "model-busy"})
