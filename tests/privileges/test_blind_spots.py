"""Where the emulator asks for no permission, AWS's rules are asked in its place."""

from collections import Counter

import pytest

from tests.privileges.blind_spots import BLIND_SPOTS
from tests.privileges.forbidden import filled
from tests.privileges.roles import SWEEP, Role
from tests.privileges.second_evaluator import Request, SecondEvaluator


def test_it_is_granted_where_it_is_needed_and_nowhere_near(
    deployed: dict[str, Role],
    places: dict[str, str],
    second_evaluator: SecondEvaluator,
    counts: Counter[str],
) -> None:
    expected = {
        (spot.role, spot.action, filled(resource, places)): granted
        for spot in BLIND_SPOTS
        for resource, granted in [
            (spot.granted, True),
            *((each, False) for each in spot.neighbours),
        ]
    }

    decided = second_evaluator.allows(
        Request(deployed[role].policies, action, resource) for role, action, resource in expected
    )

    assert dict(zip(expected, decided, strict=True)) == expected
    counts["permissions that the emulator does not ask for, checked by AWS's rules"] = len(
        BLIND_SPOTS
    )


@pytest.mark.parametrize("returned", ["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_the_sweep_s_writes_give_it_no_row(
    returned: str,
    deployed: dict[str, Role],
    places: dict[str, str],
    second_evaluator: SecondEvaluator,
) -> None:
    write = Request(
        deployed[SWEEP].policies,
        "dynamodb:UpdateItem",
        places["table"],
        {"dynamodb:ReturnValues": returned},
    )

    assert second_evaluator.allows([write]) == [returned == "NONE"]
