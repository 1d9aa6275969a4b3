"""The boundary lets the application's roles do their work, and makes them no more than that."""

from typing import Any

import pytest

from tests.policies import STACKS, Resolver, allowing, boundary, listed, template


def role_statements(component: str) -> list[Any]:
    """The statements of the roles that a component's template makes."""
    body = template(f"../{component}/template.yml")
    found = []
    for resource in body["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"].get("Policies", []):
                found += policy["PolicyDocument"]["Statement"]
    return [rule["Fn::If"][1] if "Fn::If" in rule else rule for rule in found]


@pytest.mark.parametrize("component", STACKS)
def test_what_a_components_roles_do_is_within_the_boundary(component: str) -> None:
    needed = {action for rule in role_statements(component) for action in listed(rule["Action"])}

    assert not {action for action in needed if not allowing(boundary(), action)}


@pytest.mark.parametrize(
    "service", ["iam", "sts", "cloudformation", "organizations", "secretsmanager"]
)
def test_it_holds_nothing_that_gives_more_power(service: str) -> None:
    actions = [action for rule in boundary() for action in listed(rule["Action"])]

    assert not [action for action in actions if action.startswith(f"{service}:")]


def test_no_action_is_a_wildcard() -> None:
    assert not [action for rule in boundary() for action in listed(rule["Action"]) if "*" in action]


def test_only_actions_without_a_resource_are_allowed_on_everything() -> None:
    everywhere = [rule["Sid"] for rule in boundary() if "*" in listed(rule["Resource"])]

    assert everywhere == ["ActionsThatKnowNoResource"]


def test_it_fits_into_a_managed_policy() -> None:
    """IAM allows a managed policy 6,144 characters without white space."""
    text = "".join(str(boundary()).split())

    assert len(text) < 6_144


def test_its_arn_is_an_output_for_the_roles() -> None:
    outputs = template("template.yml")["Outputs"]

    assert Resolver(template("template.yml")).resolve(outputs["BoundaryArn"]["Value"]) == "Boundary"
