"""The permissions that the page of the system tests names are those of the role that runs them."""

import json
import re
from typing import Any

from tests.privileges.deployment.arns import API
from tests.privileges.deployment.deploy_roles import OTHER_API, suite_role_for
from tests.privileges.deployment.patterns import listed
from tests.privileges.deployment.places import PLACES, SYSTEM_TESTS
from tests.privileges.roles import Statement, actions_of
from tests.project import PROJECT

PAGE = (PROJECT / "system_tests/README.md").read_text(encoding="utf-8")
# What stands for the APIs' ids on the page.
IDS = {"a1b2c3d4e5": API, "f6g7h8i9j0": OTHER_API}
SKIPPED = "test_has_stored_nothing_of_what_it_refused"


def published() -> list[Statement]:
    (text,) = re.findall(r"```json\n(.*?)```", PAGE.partition("## Permissions")[2], re.DOTALL)
    for shown, tried in IDS.items():
        text = text.replace(shown, tried)
    statements: list[Statement] = json.loads(text)["Statement"]
    return statements


def granted() -> list[Statement]:
    policies = suite_role_for(SYSTEM_TESTS, PLACES[0]).policies
    return [each for statements in policies.values() for each in statements]


def normal(statements: list[Statement]) -> list[dict[str, Any]]:
    """Return statements without their names, in one order and one form."""
    plain = [
        {
            **{key: value for key, value in statement.items() if key != "Sid"},
            "Action": sorted(actions_of(statement)),
            "Resource": sorted(listed(statement["Resource"])),
        }
        for statement in statements
    ]
    return sorted(plain, key=lambda each: json.dumps(each, sort_keys=True))


def test_the_page_names_what_the_role_grants() -> None:
    assert normal(published()) == normal(granted())


def test_the_page_says_which_test_the_role_skips() -> None:
    """Without a permission of DynamoDB, the suite cannot look whether something was stored."""
    actions = {action for statement in granted() for action in actions_of(statement)}

    assert not any(action.startswith("dynamodb:") for action in actions)
    assert f"`{SKIPPED}` is skipped" in PAGE
    source = (PROJECT / "system_tests/suite/test_refusals.py").read_text(encoding="utf-8")
    assert f"def {SKIPPED}(" in source
