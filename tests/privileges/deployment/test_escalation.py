"""From no pipeline leads a way to another component, another environment, data, or more power."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.privileges.deployment import harm
from tests.privileges.deployment.deploy_roles import DeployRole, role_for, suite_role_for
from tests.privileges.deployment.harm import Attempt
from tests.privileges.deployment.places import OF_EACH, PLACES, STACKS, SYSTEM_TESTS, Place
from tests.privileges.second_evaluator import Request, SecondEvaluator

# What the suite is for.
OF_THE_SUITE = {"lambda:InvokeFunction"}


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
def test_a_pipeline_cannot_harm_another_component_or_environment(
    place: Place, evaluator: SecondEvaluator, counts: Counter[str]
) -> None:
    attempts = [
        (stack, role_for(stack, place), attempt)
        for component, stack in STACKS.items()
        for attempt in _of_others(component, place)
    ]
    attempts += [
        (SYSTEM_TESTS, suite_role_for(SYSTEM_TESTS, place), attempt)
        for attempt in _of_others("system_tests", place)
        if attempt.action not in OF_THE_SUITE
    ]

    granted = evaluator.allows(_request(role, attempt) for _, role, attempt in attempts)

    allowed = {
        f"{who}: {attempt.action} on {attempt.resource}"
        for (who, _, attempt), each in zip(attempts, granted, strict=True)
        if each
    }
    assert allowed == set()
    counts["attempts of a pipeline on what is not its own, denied"] += len(attempts)


def _of_others(component: str, place: Place) -> Iterator[Attempt]:
    """Yield everything harmful but what is done to the component itself, here."""
    elsewhere = PLACES[(PLACES.index(place) + 1) % len(PLACES)]
    for where in (place, elsewhere):
        for other in STACKS:
            if (other, where) != (component, place):
                yield from _but_for_its_own(component, harm.to(other, where))
        yield from harm.to_data(where)
        yield from harm.to_the_administrator(where)


def _but_for_its_own(component: str, attempts: Iterator[Attempt]) -> Iterator[Attempt]:
    # The suite reads the keys of the two APIs.
    suite = component == "system_tests"
    return (
        attempt
        for attempt in attempts
        if not (suite and attempt.action == "apigateway:GET" and "/apikeys/" in attempt.resource)
    )


def _request(role: DeployRole, attempt: Attempt) -> Request:
    # Whoever took it over may claim its own boundary, function and service.
    claimed = {
        "iam:PermissionsBoundary": role.boundary or "none",
        "iam:PassedToService": "lambda.amazonaws.com",
        "lambda:Principal": "apigateway.amazonaws.com",
    }
    context = claimed | attempt.context
    return Request(role.policies, attempt.action, attempt.resource, context, role=role.arn)


def test_the_attempts_are_real_ones(evaluator: SecondEvaluator) -> None:
    """The same requests, made of a component by its own pipeline, are granted."""
    (place, *_) = PLACES
    own = {component: list(harm.to(component, place)) for component in ("submit_image", "s3_infra")}

    granted = {
        component: evaluator.allows(
            _request(role_for(STACKS[component], place), attempt) for attempt in attempts
        )
        for component, attempts in own.items()
    }

    denied = {
        attempt.action
        for component, attempts in own.items()
        for attempt, each in zip(attempts, granted[component], strict=True)
        if not each
    }
    assert denied == {
        # Its own deploy role, and what only the function or the application's users do.
        "iam:DeleteRole",
        "iam:PassRole",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "lambda:InvokeFunction",
        "s3:PutObject",
    }
