"""Every request that CloudFormation makes for a stack is one that the pipeline's role may make."""

from collections import Counter

import pytest

from tests.privileges.deployment import reference
from tests.privileges.deployment.components import resources
from tests.privileges.deployment.deploy_roles import role_for
from tests.privileges.deployment.exemptions import EXEMPTIONS, INDEPENDENT
from tests.privileges.deployment.handlers import calls, permissions
from tests.privileges.deployment.places import OF_EACH, PLACES, STACKS, Place
from tests.privileges.roles import actions_of
from tests.privileges.second_evaluator import Request, SecondEvaluator


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
def test_a_role_may_do_what_cloudformation_does_with_its_resources(
    place: Place, evaluator: SecondEvaluator, counts: Counter[str]
) -> None:
    asked = []
    for component, stack in STACKS.items():
        role = role_for(stack, place)
        for resource in resources(component, place):
            for call in calls(component, resource, place, role.boundary):
                request = Request(
                    role.policies, call.action, call.resource, call.context, role=role.arn
                )
                asked.append((call, request))

    allowed = evaluator.allows(request for _, request in asked)

    denied = {
        f"{call.why}: {call.action} on {call.resource}"
        for (call, _), each in zip(asked, allowed, strict=True)
        if not each
    }
    assert denied == set()
    counts["requests of CloudFormation's handlers, allowed to the deploy roles"] += len(asked)


@pytest.mark.parametrize("component", STACKS)
def test_what_an_action_depends_on_is_allowed_as_well(component: str) -> None:
    role = role_for(STACKS[component], PLACES[0])
    actions = {
        action
        for statements in role.policies.values()
        for statement in statements
        if statement["Effect"] == "Allow"
        for action in actions_of(statement)
    }

    missing = {
        (action, dependent)
        for action in actions
        for dependent in reference.dependent_actions(action) - actions
    }

    assert missing <= set(INDEPENDENT)


def test_the_reference_tells_what_an_action_depends_on() -> None:
    assert "iam:PassRole" in reference.dependent_actions("sagemaker:CreateModel")


def test_every_exemption_is_of_a_permission_in_the_registry() -> None:
    named = {
        (kind, beginning)
        for (kind, handler), beginnings in EXEMPTIONS.items()
        for beginning in beginnings
        if not any(
            action.startswith(beginning)
            for name, actions in permissions(kind).items()
            if handler in ("*", name)
            for action in actions
        )
    }

    assert named == set()


def test_fixed_access_denies_what_makes_deletes_or_opens_a_bucket_and_nothing_else(
    evaluator: SecondEvaluator,
) -> None:
    (place, *_) = PLACES
    role = role_for(STACKS["s3_infra"], place, BucketAccess="Fixed")
    asked = [
        call
        for resource in resources("s3_infra", place)
        for call in calls("s3_infra", resource, place, None)
    ]

    allowed = evaluator.allows(
        Request(role.policies, call.action, call.resource, call.context) for call in asked
    )

    denied = {call.action for call, each in zip(asked, allowed, strict=True) if not each}
    assert denied == {
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
    }
