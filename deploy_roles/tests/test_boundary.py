"""The boundaries of the roles that pipelines make. What is in them is tried in tests/privileges."""

import pytest

from tests.policies import BOUNDARY, Resolver, boundary, listed, resources, template

MAKERS = (
    "OpenDevOpsSageMaker",
    "OpenDevOpsSubmitImage",
    "OpenDevOpsGetImageLabel",
    "OpenDevOpsInvokeLabeller",
)


@pytest.mark.parametrize("deploys", MAKERS)
@pytest.mark.parametrize(
    "service", ["iam", "sts", "cloudformation", "organizations", "secretsmanager"]
)
def test_it_holds_nothing_that_gives_more_power(deploys: str, service: str) -> None:
    actions = [action for rule in boundary(deploys) for action in listed(rule["Action"])]

    assert not [action for action in actions if action.startswith(f"{service}:")]


@pytest.mark.parametrize("deploys", MAKERS)
def test_no_action_is_a_wildcard(deploys: str) -> None:
    actions = [action for rule in boundary(deploys) for action in listed(rule["Action"])]

    assert not [action for action in actions if "*" in action]


@pytest.mark.parametrize("deploys", MAKERS)
def test_it_fits_into_a_managed_policy(deploys: str) -> None:
    """IAM allows a managed policy 6,144 characters without white space."""
    text = "".join(str(boundary(deploys)).split())

    assert len(text) < 6_144


@pytest.mark.parametrize("deploys", ["OpenDevOpsS3", "OpenDevOpsDynamoDB", "SystemTests"])
def test_who_makes_no_role_has_none(deploys: str) -> None:
    assert "Boundary" not in resources(deploys)


def test_its_arn_is_an_output_for_the_pipelines() -> None:
    output = template("role.yml")["Outputs"]["BoundaryArn"]

    assert Resolver(template("role.yml")).resolve(output["Value"]) == BOUNDARY
