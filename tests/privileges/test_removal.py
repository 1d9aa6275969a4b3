"""Whatever the emulator checks is needed: without it the function cannot do its work."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from tests.application import PHOTOGRAPHS, withdrawal
from tests.privileges.blind_spots import BLIND_SPOTS
from tests.privileges.recorder import Recorder
from tests.privileges.roles import LABELLER, LOOK_UP, ROLES, SCHEDULE, SUBMIT, Role, over_tls
from tests.privileges.roles import SWEEP as SWEEP_ROLE
from tests.privileges.system import (
    GET_IMAGE_LABEL,
    LONG_AGO,
    SUBMIT_IMAGE,
    SWEEP,
    FunctionError,
    System,
)


def submits(system: System, _: Role) -> bool:
    return "ImageId" in system.ask(SUBMIT_IMAGE, {"url": system.upload()})


def submits_upload(system: System, _: Role) -> bool:
    upload = system.add_upload(PHOTOGRAPHS[0].read_bytes())
    return bool(system.ask(SUBMIT_IMAGE, {"uploadId": upload}).get("ImageId") == upload)


def withdraws(system: System, _: Role) -> bool:
    image = system.add_picture()
    system.add_upload(b"not submitted yet", image)
    answer = system.ask(SUBMIT_IMAGE, withdrawal(image))
    done = bool(answer["statusCode"] == 204)
    gone = not system.row(image) and not system.pictures() & {image, f"uploads/{image}"}
    assert gone is done
    return done


def looks_up(system: System, _: Role) -> bool:
    image = system.add_row()
    return bool(system.ask(GET_IMAGE_LABEL, {"imageId": image}).get("ImageId") == image)


def labels(system: System, _: Role) -> bool:
    image = system.add_picture()
    done = system.label(image)
    assert (system.status(image) == "CLASSIFIED") is done
    return done


def sweeps(system: System, _: Role) -> bool:
    image = system.add_row()
    try:
        system.ask(SWEEP, {"olderThanSeconds": 0})
    except FunctionError:
        assert "Attempts" not in system.row(image)
        return False
    return "Attempts" in system.row(image)


def requeues(system: System, _: Role) -> bool:
    image = system.add_row(
        Status="FAILED", FailureCode="unfinished", FailedAt=LONG_AGO, FailureReason="No."
    )
    try:
        system.ask(SWEEP, {"requeue": {"reason": "unfinished"}})
    except FunctionError:
        assert system.row(image)["Status"] == "FAILED"
        return False
    return bool(system.row(image)["Status"] == "NOT_CLASSIFIED")


def invokes(system: System, role: Role) -> bool:
    """What the scheduler does with its role on AWS; the emulator's does not use it."""
    functions = over_tls(role.session(), "lambda", system.cloud.url)
    try:
        functions.invoke(FunctionName=system.function(SWEEP), Payload=b"{}")
    except ClientError:
        return False
    return True


@dataclass(frozen=True)
class Use:
    """What a role cannot do without an action.

    Attributes:
        role: The role.
        action: The action.
        works: Does it, and tells whether it could.
    """

    role: str
    action: str
    works: Callable[[System, Role], bool]


USES = [
    Use(SUBMIT, "s3:PutObject", submits),
    Use(SUBMIT, "dynamodb:PutItem", submits),
    Use(SUBMIT, "s3:GetObject", submits_upload),
    Use(SUBMIT, "dynamodb:GetItem", submits_upload),
    Use(SUBMIT, "s3:DeleteObject", withdraws),
    Use(SUBMIT, "dynamodb:DeleteItem", withdraws),
    Use(LOOK_UP, "dynamodb:GetItem", looks_up),
    Use(LABELLER, "dynamodb:GetItem", labels),
    Use(LABELLER, "s3:GetObject", labels),
    Use(LABELLER, "dynamodb:UpdateItem", labels),
    Use(SWEEP_ROLE, "dynamodb:Query", sweeps),
    Use(SWEEP_ROLE, "dynamodb:UpdateItem", sweeps),
    Use(SWEEP_ROLE, "dynamodb:Query", requeues),
    Use(SWEEP_ROLE, "dynamodb:UpdateItem", requeues),
    Use(SCHEDULE, "lambda:InvokeFunction", invokes),
]


@pytest.mark.parametrize("role", ROLES)
def test_every_permission_is_missed_or_a_blind_spot(role: str, deployed: dict[str, Role]) -> None:
    missed = {use.action for use in USES if use.role == role}
    unseen = {spot.action for spot in BLIND_SPOTS if spot.role == role}

    assert missed | unseen == set(deployed[role].actions)


@pytest.mark.parametrize(
    "use", USES, ids=lambda use: f"{use.role}-{use.action}-{use.works.__name__}"
)
def test_without_it_the_work_is_not_done(
    use: Use,
    system: System,
    deployed: dict[str, Role],
    recorder: Recorder,
    counts: Counter[str],
) -> None:
    role = deployed[use.role]

    # Nobody but the test does the work meanwhile.
    with system.mapping(Enabled=False):
        with recorder.recording() as calls, role.without(use.action):
            worked_without = use.works(system, role)
        worked_with = use.works(system, role)

    assert not worked_without
    assert {call.action for call in calls if call.role == role.name and not call.allowed} == {
        use.action
    }
    assert worked_with
    counts["permissions taken from a role, and missed by it"] += 1
