"""Every way in which the templates are deployed, or can be by a change of one parameter."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from local_aws.project.facts import Facts

from conformance import expansion
from conformance.intrinsics import Resolver, UnresolvedError
from conformance.physical import ACCOUNT, Place

PROJECT = Path(__file__).parents[3]
FACTS = Facts.read(PROJECT)
ENVIRONMENTS = {place.region: place.environment for place in FACTS.places}
# For parameters without a default, or with an empty one, which says "none".
SAMPLES = {
    "AccessLogBucketName": "access-logs",
    "AccessLogGroupArn": f"arn:aws:logs:us-west-1:{ACCOUNT}:log-group:access",
    "Audience": "ari:cloud:bitbucket::workspace/1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55",
    "BoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/boundary",
    "EnvironmentUuid": "{1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55}",
    "FallbackEmail": "on-call@example.org",
    "KmsKeyArn": f"arn:aws:kms:us-west-1:{ACCOUNT}:key/1f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55",
    "PagerUrl": "https://events.pager.example.org/integration/key/enqueue",
    "PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/boundary",
    "Provider": "api.bitbucket.org/2.0/workspaces/example/pipelines-config/identity/oidc",
    "RepositoryUuid": "{2f8a1ef6-5c0c-4a3e-9d1c-6b1f4c0f7c55}",
    "TrustedImageHosts": "pictures.example.org:8443",
}


@dataclass(frozen=True)
class Deployment:
    """A template with the values of one deployment.

    Attributes:
        path: The template.
        stack: Name of the stack.
        region: Name of the region.
        change: What differs from the environment's parameters, by parameter.
    """

    path: Path
    stack: str
    region: str
    change: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        changed = "".join(f" {name}={value}" for name, value in self.change.items())
        return f"{self.path.relative_to(PROJECT)} {self.region}{changed}"

    def resolver(self) -> Resolver:
        """The template, expanded, with its values.

        Raises:
            UnresolvedError: If a parameter has no value.
        """
        values = self.values()
        template = expansion.expand(self.path, self.region, values)
        place = Place(self.region, self.stack)
        return Resolver(
            template,
            values | _pseudo(self.region, self.stack),
            place.physical,
            functools.partial(_imported, self.region),
        )

    def values(self) -> dict[str, Any]:
        """The parameters' values, of their types.

        Raises:
            UnresolvedError: If one has none.
        """
        declared = expansion.read(self.path).get("Parameters") or {}
        given = _environment(self.path, ENVIRONMENTS[self.region]) | self.change
        return {name: _value(name, each, given) for name, each in declared.items()}


def stacks() -> dict[str, Path]:
    """The templates that the components deploy, by the names of their stacks."""
    return {
        entry.stack: PROJECT / entry.name / "template.yml"
        for entry in FACTS.components.values()
        if entry.stack
    }


def every() -> Iterator[Deployment]:
    """Every template in every region: as it is deployed, and with each parameter changed once."""
    for stack, path in (*stacks().items(), ("Role", PROJECT / "deploy_roles/role.yml")):
        for region in ENVIRONMENTS:
            plain = Deployment(path, stack, region)
            yield plain
            for name, parameter in (expansion.read(path).get("Parameters") or {}).items():
                for value in alternatives(name, parameter):
                    yield Deployment(path, stack, region, {name: value})


def alternatives(name: str, parameter: dict[str, Any]) -> list[Any]:
    """The other values of a parameter that are worth a look: all, the bounds, or a sample."""
    if "AllowedValues" in parameter:
        values = list(parameter["AllowedValues"])
    else:
        values = [parameter[bound] for bound in ("MinValue", "MaxValue") if bound in parameter]
        values += [SAMPLES[name]] if name in SAMPLES else []
    return [value for value in values if str(value) != str(parameter.get("Default"))]


def _value(name: str, parameter: dict[str, Any], given: dict[str, Any]) -> Any:
    value = given.get(name, parameter.get("Default", SAMPLES.get(name)))
    if value is None and "AllowedValues" in parameter:
        value = parameter["AllowedValues"][0]
    if value is None:
        raise UnresolvedError(f"{name} has no default: give it a sample in deployments.py.")
    match parameter["Type"]:
        case "Number":
            return float(value) if "." in str(value) else int(value)
        case kind if kind.startswith("List<") or kind == "CommaDelimitedList":
            return str(value).split(",") if value else []
        case _:
            return str(value)


def _environment(path: Path, environment: str) -> dict[str, Any]:
    """The values of an environment's file; role.yml has none."""
    if path.name != "template.yml":
        return {}
    return dict(yaml.safe_load((path.parent / f"parameters/{environment}.yml").read_text()) or {})


def _pseudo(region: str, stack: str) -> dict[str, Any]:
    return {
        "AWS::AccountId": ACCOUNT,
        "AWS::NotificationARNs": [],
        "AWS::Partition": "aws",
        "AWS::Region": region,
        "AWS::StackId": f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{stack}/1",
        "AWS::StackName": stack,
        "AWS::URLSuffix": "amazonaws.com",
    }


def _imported(region: str, name: str) -> Any:
    try:
        return _exports(region)[name]
    except KeyError:
        raise UnresolvedError(f"No stack exports {name}.") from None


@functools.cache
def _exports(region: str) -> dict[str, Any]:
    """What the stacks of a region export, those exports too that depend on a condition."""
    found: dict[str, Any] = {}
    waiting = [Deployment(path, stack, region) for stack, path in stacks().items()]
    # A stack's exports may depend on those of another.
    while waiting:
        later = []
        for deployment in waiting:
            try:
                found |= _exported_by(deployment, found)
            except UnresolvedError as error:
                later.append((deployment, error))
        if len(later) == len(waiting):
            raise later[0][1]
        waiting = [deployment for deployment, _ in later]
    return found


def _exported_by(deployment: Deployment, known: dict[str, Any]) -> dict[str, Any]:
    values = deployment.values()
    template = expansion.expand(deployment.path, deployment.region, values)

    def imported(name: str) -> Any:
        if name not in known:
            raise UnresolvedError(f"No stack exports {name}.")
        return known[name]

    resolver = Resolver(
        template,
        values | _pseudo(deployment.region, deployment.stack),
        Place(deployment.region, deployment.stack).physical,
        imported,
    )
    outputs = (template.get("Outputs") or {}).values()
    return {
        resolver.resolve(output["Export"]["Name"]): resolver.resolve(output["Value"])
        for output in outputs
        if "Export" in output
    }
