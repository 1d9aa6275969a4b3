"""The role's template, resolved for one repository, and what its policies allow."""

import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from cfnlint.decode import cfn_yaml

from deploy import document

ROOT = Path(__file__).parents[1]
PROVIDER = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
AUDIENCE = "ari:cloud:bitbucket::workspace/11111111-1111-1111-1111-111111111111"
REPOSITORY = "{22222222-2222-2222-2222-222222222222}"
ENVIRONMENT = "{33333333-3333-3333-3333-333333333333}"
ACCOUNT = "123456789012"
REGION = "us-west-1"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/imagelabeller/deploy/{REGION}/Boundary"
NOTHING = "AWS::NoValue"
Statement = dict[str, Any]


@cache
def template(path: str) -> Any:
    """A template as it is deployed, its short forms (`!Sub`) spelled out (`Fn::Sub`)."""
    return cfn_yaml.loads(document.packaged(ROOT / path))


DEPLOYS: tuple[str, ...] = tuple(template("role.yml")["Parameters"]["Deploys"]["AllowedValues"])
STACKS = tuple(name for name in DEPLOYS if name != "SystemTests")


class Resolver:
    """Works out a template's conditions and references for given parameters."""

    def __init__(self, loaded: Any, **parameters: str) -> None:
        self.template = loaded
        defaults = {
            name: parameter["Default"]
            for name, parameter in loaded["Parameters"].items()
            if "Default" in parameter
        }
        self.values = (
            defaults
            | parameters
            | {
                "Boundary": BOUNDARY,
                "AWS::Partition": "aws",
                "AWS::AccountId": ACCOUNT,
                "AWS::Region": REGION,
                "AWS::URLSuffix": "amazonaws.com",
                "AWS::StackName": "OpenDevOpsDeployRoles-Role",
            }
        )

    def holds(self, condition: Any) -> bool:
        """Whether a condition holds: its name, or its definition."""
        if isinstance(condition, str):
            return self.holds(self.template["Conditions"][condition])
        ((function, operands),) = condition.items()
        if function == "Condition":
            return self.holds(operands)
        if function == "Fn::Equals":
            left, right = map(self.resolve, operands)
            return bool(left == right)
        if function == "Fn::Not":
            return not self.holds(operands[0])
        assert function in ("Fn::Or", "Fn::And")
        return (any if function == "Fn::Or" else all)(map(self.holds, operands))

    def resolve(self, node: Any) -> Any:
        """A value with its intrinsic functions worked out."""
        if isinstance(node, list):
            items = [self.resolve(item) for item in node]
            return [item for item in items if item != NOTHING]
        if not isinstance(node, dict):
            return node
        if "Ref" in node:
            return self.values.get(node["Ref"], node["Ref"])
        if "Fn::Sub" in node:
            return re.sub(r"\$\{([\w:]+)\}", lambda m: self.values[m.group(1)], node["Fn::Sub"])
        if "Fn::If" in node:
            condition, then, otherwise = node["Fn::If"]
            return self.resolve(then if self.holds(condition) else otherwise)
        return {key: self.resolve(value) for key, value in node.items()}

    def resources(self) -> dict[str, Any]:
        """The resources that the conditions leave."""
        return {
            name: self.resolve(resource["Properties"])
            for name, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }


@cache
def resources(deploys: str, **parameters: str) -> dict[str, Any]:
    """The roles and their policies for what a repository deploys."""
    return Resolver(
        template("role.yml"),
        Deploys=deploys,
        Provider=PROVIDER,
        Audience=AUDIENCE,
        RepositoryUuid=REPOSITORY,
        EnvironmentUuid=ENVIRONMENT,
        **parameters,
    ).resources()


@cache
def statements(deploys: str, role: str = "Role", **parameters: str) -> tuple[Statement, ...]:
    """Every statement of the policies of a repository's role."""
    return tuple(
        statement
        for properties in resources(deploys, **parameters).values()
        if properties.get("Roles") == [role]
        for statement in properties["PolicyDocument"]["Statement"]
    )


@cache
def boundary(deploys: str) -> tuple[Statement, ...]:
    """The statements of the boundary of a stack's roles."""
    return tuple(resources(deploys)["Boundary"]["PolicyDocument"]["Statement"])


def listed(value: Any) -> list[str]:
    """One or many, as a list."""
    return [value] if isinstance(value, str) else list(value)


def allowing(rules: Any, action: str, resource: str = "*") -> list[Statement]:
    """The statements that allow an action on a resource; `*` asks for the action alone."""
    return [
        rule
        for rule in rules
        if rule["Effect"] == "Allow"
        and any(fnmatchcase(action, pattern) for pattern in listed(rule["Action"]))
        and (
            resource == "*"
            or any(fnmatchcase(resource, pattern) for pattern in listed(rule["Resource"]))
        )
    ]
