"""What is denied explicitly: all of each kind, by actions that exist, and nothing less."""

import copy
from collections.abc import Iterator

import pytest

from tests.privileges.deployment.denials import known, undenied
from tests.privileges.deployment.deploy_roles import role_for
from tests.privileges.deployment.patterns import listed
from tests.privileges.deployment.places import PLACES, STACKS
from tests.privileges.roles import Statement, actions_of

HERE = PLACES[0]


def statements_of(component: str) -> list[Statement]:
    policies = role_for(STACKS[component], HERE).policies
    return [each for statements in policies.values() for each in statements]


@pytest.mark.parametrize("component", STACKS)
def test_a_deploy_role_is_denied_all_of_each_kind(component: str) -> None:
    assert undenied(statements_of(component), component, HERE) == set()


@pytest.mark.parametrize("access", ["Changeable", "Fixed"])
@pytest.mark.parametrize("component", STACKS)
def test_every_denied_action_exists(component: str, access: str) -> None:
    policies = role_for(STACKS[component], HERE, BucketAccess=access).policies

    denied = {
        action
        for statements in policies.values()
        for statement in statements
        if statement["Effect"] == "Deny"
        for action in actions_of(statement)
    }

    assert denied
    assert {action for action in denied if not known(action)} == set()


def test_an_action_that_does_not_exist_is_found() -> None:
    assert not known("dynamodb:ReadItem")
    assert not known("dynamodb:Fetch*")
    assert known("dynamodb:Export*")


def without_one(statements: list[Statement]) -> Iterator[tuple[str, list[Statement]]]:
    """Yield the statements without each denied action and each resource, and with a condition."""
    for at, statement in enumerate(statements):
        if statement["Effect"] != "Deny":
            continue
        for key, entries in (
            ("Action", actions_of(statement)),
            ("Resource", listed(statement["Resource"])),
        ):
            for entry in entries:
                changed = copy.deepcopy(statements)
                changed[at][key] = [each for each in entries if each != entry]
                yield f"{statement['Sid']} without {entry}", changed
        changed = copy.deepcopy(statements)
        changed[at]["Condition"] = {"StringEquals": {"aws:RequestedRegion": HERE.region}}
        yield f"{statement['Sid']} under another condition", changed


@pytest.mark.parametrize("component", ["dynamodb_infra", "s3_infra"])
def test_a_denial_that_is_taken_away_is_found(component: str) -> None:
    """The one has what every role is denied, the other what its own is denied in addition."""
    changes = list(without_one(statements_of(component)))

    unnoticed = [what for what, left in changes if not undenied(left, component, HERE)]

    assert len(changes) > 40
    assert unnoticed == []
