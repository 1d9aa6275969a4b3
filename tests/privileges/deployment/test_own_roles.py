"""The roles of functions, endpoint and schedule: real actions on real ARNs, within a boundary."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.privileges.deployment import reference
from tests.privileges.deployment.components import role_statements
from tests.privileges.deployment.deploy_roles import boundary
from tests.privileges.deployment.places import OF_EACH, STACKS, Place
from tests.privileges.roles import Statement, actions_of
from tests.privileges.second_evaluator import Request, SecondEvaluator

MAKERS = ("sagemaker_endpoint", "submit_image", "get_image_label", "invoke_labeller")


@pytest.mark.parametrize("place", OF_EACH, ids=lambda place: place.region)
def test_a_role_may_do_what_it_says_and_its_boundary_lets_it(
    place: Place, evaluator: SecondEvaluator, counts: Counter[str]
) -> None:
    asked = [
        (f"{component}, {role}", statement, request)
        for component in MAKERS
        for role, statements in role_statements(component, place).items()
        for statement in statements
        for request in _requests(statement, boundary(STACKS[component], place))
    ]

    allowed = evaluator.allows(request for *_, request in asked)

    denied = {
        f"{who}: {request.action} on {request.resource}"
        for (who, _, request), each in zip(asked, allowed, strict=True)
        if not each
    }
    assert denied == set()
    counts["permissions of functions, endpoint and schedule, real and within the boundary"] += len(
        asked
    )


def _requests(statement: Statement, limits: list[Statement]) -> Iterator[Request]:
    """Yield a request for each action and resource of a statement."""
    for action in actions_of(statement):
        named = statement["Resource"]
        for resource in [named] if isinstance(named, str) else named:
            asked = "*" if reference.knows_no_resource(action) else _concrete(resource)
            yield Request({"Own": [statement]}, action, asked, _context(statement), limits)


def _concrete(resource: str) -> str:
    """Return an ARN that a pattern stands for."""
    if resource == "*":
        return resource
    return resource.replace(":*", ":log-stream:1").replace("*", "6b7c8d9e")


def _context(statement: Statement) -> dict[str, Any]:
    """Return condition keys that meet a statement's conditions."""
    return {
        key: values
        if operator.startswith("ForAllValues:") or isinstance(values, str)
        else values[0]
        for operator, pairs in statement.get("Condition", {}).items()
        for key, values in pairs.items()
    }
