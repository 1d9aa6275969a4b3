"""What a pipeline asks for itself is allowed to the role that asks."""

from collections import Counter

import pytest

from tests.privileges.deployment import pipeline_calls
from tests.privileges.deployment.deploy_roles import role_for, suite_role_for
from tests.privileges.deployment.places import (
    FUNCTIONS,
    OF_EACH,
    STACKS,
    SYSTEM_TESTS,
    TESTED,
    Place,
)
from tests.privileges.second_evaluator import Request, SecondEvaluator


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
def test_a_role_may_do_what_its_pipeline_does(
    place: Place, evaluator: SecondEvaluator, counts: Counter[str]
) -> None:
    asked = [
        (role_for(stack, place), call)
        for component, stack in STACKS.items()
        for call in pipeline_calls.promote(component, place)
    ]
    asked += [
        (suite_role_for(each, place), call)
        for each in (*(STACKS[name] for name in TESTED), SYSTEM_TESTS)
        for call in pipeline_calls.run_suite(place)
    ]

    allowed = evaluator.allows(
        Request(role.policies, call.action, call.resource, call.context, role=role.arn)
        for role, call in asked
    )

    denied = {
        f"{call.why}: {call.action} on {call.resource}"
        for (_, call), each in zip(asked, allowed, strict=True)
        if not each
    }
    assert denied == set()
    counts["requests of the SAM CLI and the system tests, allowed to their roles"] += len(asked)


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
def test_what_sam_s_templates_are_expanded_by_is_allowed(place: Place) -> None:
    """The evaluator's reference knows stacks alone for this action, and AWS asks about these too.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
    """
    transform = f"arn:aws:cloudformation:{place.region}:aws:transform/{pipeline_calls.TRANSFORM}"

    for component in FUNCTIONS:
        statements = role_for(STACKS[component], place).policies["FunctionPolicy"]
        (found,) = [
            each for each in statements if each["Action"] == "cloudformation:CreateChangeSet"
        ]
        assert found["Resource"] == transform
