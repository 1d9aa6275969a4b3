"""The roles of deploy_roles/role.yml, as they are in one environment."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from local_aws.project import templates

from tests.privileges.deployment.arns import API
from tests.privileges.deployment.intrinsics import Resolver
from tests.privileges.deployment.places import ACCOUNT, Place, made_up
from tests.privileges.roles import Policies, Statement
from tests.project import PROJECT

OTHER_API = "lookupofit"
PARAMETERS = {
    "Provider": "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
    "Audience": "ari:cloud:bitbucket::workspace/11111111-1111-1111-1111-111111111111",
    "RepositoryUuid": "{22222222-2222-2222-2222-222222222222}",
    "EnvironmentUuid": "{33333333-3333-3333-3333-333333333333}",
}


@dataclass(frozen=True)
class DeployRole:
    """A role that a pipeline assumes.

    Attributes:
        arn: Its ARN.
        policies: Its policies' statements, by the policies' logical ids.
        boundary: ARN of the boundary that the roles which it makes must carry, if it makes any.
    """

    arn: str
    policies: Policies
    boundary: str | None


@cache
def template() -> Any:
    """Return role.yml with what it includes, its short forms spelled out."""
    return templates.read(PROJECT / "deploy_roles" / "role.yml")


@cache
def role_for(deploys: str, place: Place, **parameters: str) -> DeployRole:
    """Return the role that deploys a stack."""
    return _role("Role", deploys, place, parameters)


@cache
def suite_role_for(deploys: str, place: Place) -> DeployRole:
    """Return the role that runs the system tests after a deployment, or in their repository."""
    ids = {"SubmitImageApiId": API, "GetImageLabelApiId": OTHER_API}
    return _role("SystemTestsRole", deploys, place, ids)


@cache
def boundary(deploys: str, place: Place) -> list[Statement]:
    """Return what the stack's own roles may do at most."""
    _, properties = _resources(deploys, place, {})["Boundary"]
    statements: list[Statement] = properties["PolicyDocument"]["Statement"]
    return statements


def _role(name: str, deploys: str, place: Place, parameters: dict[str, str]) -> DeployRole:
    resources = _resources(deploys, place, parameters)
    _, properties = resources[name]
    arn = f"arn:aws:iam::{ACCOUNT}:role{properties['Path']}{_physical(deploys, name)}"
    policies = {
        key: each["PolicyDocument"]["Statement"]
        for key, (kind, each) in resources.items()
        if kind == "AWS::IAM::Policy" and each["Roles"] == [name]
    }
    return DeployRole(arn, policies, _boundary(deploys, place) if "Boundary" in resources else None)


def _resources(deploys: str, place: Place, parameters: dict[str, str]) -> Any:
    references = {name: name for name in template()["Resources"]}
    references["Boundary"] = _boundary(deploys, place)
    return Resolver(
        template(),
        PARAMETERS
        | references
        | place.pseudo_parameters
        | parameters
        | {"Deploys": deploys, "AWS::StackName": _stack(deploys)},
    ).resources()


def _stack(deploys: str) -> str:
    return f"OpenDevOpsDeployRoles-{deploys.removeprefix('OpenDevOps')}"


def _physical(deploys: str, logical_id: str) -> str:
    return made_up(_stack(deploys), logical_id)


def _boundary(deploys: str, place: Place) -> str:
    path = f"policy/imagelabeller/deploy/{place.region}"
    return f"arn:aws:iam::{ACCOUNT}:{path}/{_physical(deploys, 'Boundary')}"
