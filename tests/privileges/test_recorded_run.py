"""What the roles grant is what the application asks for, and no more."""

from collections import Counter

import pytest

from tests.privileges import run
from tests.privileges.blind_spots import BLIND_SPOTS
from tests.privileges.recorder import Call, Recorder
from tests.privileges.roles import LOOK_UP, ROLES, Role
from tests.privileges.second_evaluator import Request, SecondEvaluator
from tests.privileges.system import System

UNSEEN = {(spot.role, spot.action) for spot in BLIND_SPOTS}


@pytest.fixture(scope="module")
def calls(
    system: System, recorder: Recorder, tmp_path_factory: pytest.TempPathFactory
) -> list[Call]:
    """Every call of a function while the application does everything that it does."""
    with recorder.recording() as recorded:
        run.everything(system, tmp_path_factory.mktemp("run"))
    return recorded


def test_the_roles_are_all_of_the_application_s(deployed: dict[str, Role]) -> None:
    assert set(deployed) == set(ROLES)


def test_every_action_that_is_granted_is_used(
    deployed: dict[str, Role], calls: list[Call], counts: Counter[str]
) -> None:
    used = seen(deployed, calls)
    granted = {(role.key, action) for role in deployed.values() for action in role.actions}

    assert granted - used == UNSEEN
    assert used <= granted
    counts["roles whose every permission was used"] = len(deployed)
    counts["permissions that the emulator saw used"] = len(used)


def test_every_call_is_granted(calls: list[Call], counts: Counter[str]) -> None:
    assert [call for call in calls if not call.allowed] == []
    counts["calls of functions recorded and granted"] = len(calls)


def test_aws_s_rules_grant_every_call_too(
    deployed: dict[str, Role], calls: list[Call], second_evaluator: SecondEvaluator
) -> None:
    policies = {role.name: role.policies for role in deployed.values()}

    granted = second_evaluator.allows(
        Request(policies[call.role], call.action, call.resource, call.context) for call in calls
    )

    assert [call for call, each in zip(calls, granted, strict=True) if not each] == []


def test_of_a_row_no_more_is_granted_than_a_look_up_reads(
    system: System, deployed: dict[str, Role], calls: list[Call], second_evaluator: SecondEvaluator
) -> None:
    role = deployed[LOOK_UP]
    (look_up, *_) = [call for call in calls if call.role == role.name]
    read = look_up.context["dynamodb:Attributes"]
    image = next(
        call.resource.rpartition("/")[2] for call in calls if call.action == "s3:PutObject"
    )
    attributes = sorted({*read, *system.row(image)})

    granted = second_evaluator.allows(
        Request(
            role.policies,
            look_up.action,
            look_up.resource,
            look_up.context | {"dynamodb:Attributes": [attribute]},
        )
        for attribute in attributes
    )

    assert "SourceUrl" in attributes
    assert {each for each, own in zip(attributes, granted, strict=True) if own} == set(read)


def test_no_permission_is_granted_twice(deployed: dict[str, Role]) -> None:
    twice = {
        role.key: action
        for role in deployed.values()
        for action, times in Counter(role.actions).items()
        if times > 1
    }

    assert twice == {}


def seen(deployed: dict[str, Role], calls: list[Call]) -> set[tuple[str, str]]:
    """Return which role used which action."""
    keys = {role.name: key for key, role in deployed.items()}
    return {(keys[call.role], call.action) for call in calls}
