"""The list of permissions on everything: each entry is needed, and could be narrower."""

import cfnlint.decode
import pytest

from template_rules import broad_permissions, reference, values, walk
from tests.paths import POLICY

TEMPLATES = sorted((POLICY / "build/templates").glob("*.yml"))


@pytest.fixture(scope="module")
def allowed() -> set[tuple[str, str]]:
    """Each action that a template of the application allows, with what it is allowed on."""
    found = set()
    for path in TEMPLATES:
        template, problems = cfnlint.decode.decode(str(path))
        assert not problems
        for _, statement in walk.statements(template):
            if statement["Effect"] == "Allow":
                found |= {
                    (action, (values.pattern(node) or "").split(":", reference.PARTS)[-1])
                    for action in values.actions(statement)
                    for node in values.choices(statement.get("Resource", []))
                }
    return found


@pytest.mark.parametrize("exception", broad_permissions.EXCEPTIONS, ids=lambda each: each.reason)
def test_an_exception_has_a_reason_and_is_needed(
    exception: broad_permissions.Broad, allowed: set[tuple[str, str]]
) -> None:
    listed = {
        (action, resource) for action in exception.actions for resource in exception.resources
    }

    assert len(exception.reason.split()) > 3
    assert listed <= allowed


@pytest.mark.parametrize(
    "action", sorted({each for one in broad_permissions.EXCEPTIONS for each in one.actions})
)
def test_an_exception_is_an_action_that_knows_resources(action: str) -> None:
    assert reference.matching(action)
    assert not reference.knows_no_resource(action)
