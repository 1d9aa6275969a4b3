"""E9009: an export carries only what cannot change while its stack lives."""

import re
from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

from template_rules import walk

SCHEMAS_OF = "us-east-1"
# What AWS SAM makes the properties of, which its own type has no schema for.
SERVERLESS = {"AWS::Serverless::Function": "AWS::Lambda::Function"}
# Attributes that are no identifiers: the property with which they change, or none if they last.
ATTRIBUTES = {
    ("AWS::CloudFront::Distribution", "DomainName"): None,
    ("AWS::DynamoDB::Table", "StreamArn"): "StreamSpecification",
}


# Each publication or deployment makes another one.
REPLACED = frozenset({"AWS::ApiGateway::Deployment", "AWS::Lambda::Version"})
# Functions whose value changes with their arguments alone.
KNOWN_FUNCTIONS = frozenset(
    {
        *("Ref", "Condition", "Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::Equals", "Fn::FindInMap"),
        *("Fn::GetAtt", "Fn::If", "Fn::ImportValue", "Fn::Join", "Fn::Not", "Fn::Or"),
        *("Fn::Select", "Fn::Split", "Fn::Sub"),
    }
)
VARIABLE = re.compile(r"\$\{([^}]*)\}")
DYNAMIC = "{{resolve:"
CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")


class ExportsLast(CloudFormationLintRule):
    """Refuses exports whose value a parameter may change, or take away."""

    id = "E9009"
    shortdesc = "An export carries only what never changes during its stack's life"
    description = "CloudFormation refuses to change or delete an export that another stack imports"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"
    tags = ["exports", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find exports that may change or vanish."""
        found = []
        for name, output in (cfn.template.get("Outputs") or {}).items():
            if not isinstance(output, dict):
                found.append(
                    RuleMatch(
                        ["Outputs", name], f"the value that {name} exports cannot be determined"
                    )
                )
            elif "Export" in output:
                parts = [output["Value"], output["Export"], {"Condition": output.get("Condition")}]
                causes = sorted({why for part in parts for why in _changing(cfn.template, part)})
                if causes:
                    message = f"{name} is exported and may change: {', '.join(causes)}"
                    found.append(RuleMatch(["Outputs", name], message))
        return found


def _changing(template: Any, node: Any, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield why a value may become another one."""
    for name in walk.references(node) | _conditions(template, node):
        if name in template.get("Parameters", {}):
            yield f"{name} is a parameter"
    yield from _unknown(node)
    for name, attribute in _named(node):
        if name in template.get("Resources", {}):
            if name not in seen:
                yield from _of_resource(template, name, attribute, seen | {name})
        elif name not in template.get("Parameters", {}) and not name.startswith("AWS::"):
            yield f"{name} is not in the template, so it is unknown when it changes"


def _unknown(node: Any) -> Iterator[str]:
    """Yield the parts of a value that are resolved only at deployment."""
    for path, value in walk.every(node, []):
        if isinstance(value, str) and DYNAMIC in value:
            yield f"{value} is looked up when the stack is deployed"
        name = path[-1] if path else ""
        if isinstance(name, str) and name.startswith("Fn::") and name not in KNOWN_FUNCTIONS:
            yield f"it is not known when {name} changes"


def _of_resource(template: Any, name: str, attribute: str, seen: frozenset[str]) -> Iterator[str]:
    resource = template["Resources"][name]
    kind = resource["Type"]
    properties = walk.properties(resource)
    if "Condition" in resource:
        yield from _changing(template, {"Condition": resource["Condition"]}, seen)
    if kind in REPLACED:
        yield f"each publication replaces {name}"
    if not _has_schema(kind):
        yield f"it is not known when {name}, a {kind}, changes"
    lasting = _paths(kind, "createOnlyProperties")
    for property_name in lasting:
        yield from _changing(template, properties.get(property_name), seen)
    identifiers = {*lasting, *_paths(kind, "primaryIdentifier"), "Arn", ""}
    if (kind, attribute) in ATTRIBUTES:
        decides = ATTRIBUTES[kind, attribute]
        yield from _changing(template, properties.get(decides) if decides else None, seen)
    elif attribute not in identifiers:
        yield f"it is not known when {name}.{attribute} changes"


def _paths(kind: str, key: str) -> set[str]:
    """Return the properties that a type's schema lists under a key."""
    return {path.split("/")[2] for path in (_schema(kind) or {}).get(key, [])}


def _has_schema(kind: str) -> bool:
    # CloudFormation's schema of a custom resource says nothing about what its handler returns.
    return not kind.startswith(CUSTOM) and _schema(kind) is not None


def _schema(kind: str) -> dict[str, Any] | None:
    try:
        found = PROVIDER_SCHEMA_MANAGER.get_resource_schema(SCHEMAS_OF, SERVERLESS.get(kind, kind))
    except ResourceNotFoundError:
        return None
    return dict(found.schema)


def _conditions(template: Any, node: Any) -> set[str]:
    """Return what the conditions below a node refer to, and the conditions that these name."""
    found: set[str] = set()
    waiting = [node]
    known: set[str] = set()
    while waiting:
        for path, value in walk.every(waiting.pop(), []):
            is_if = isinstance(value, dict) and set(value) == {"Fn::If"}
            name = value["Fn::If"][0] if is_if else value if path[-1:] == ["Condition"] else None
            if isinstance(name, str) and name not in known:
                known.add(name)
                condition = template.get("Conditions", {}).get(name)
                found |= walk.references(condition)
                waiting.append(condition)
    return found


def _named(node: Any) -> set[tuple[str, str]]:
    """Return what a value names, each with the attribute that is taken of it."""
    found = set()
    for path, value in walk.every(node, []):
        if path[-1:] == ["Ref"] and isinstance(value, str):
            found.add((value, ""))
        elif path[-1:] == ["Fn::GetAtt"]:
            parts = value if isinstance(value, list) else str(value).split(".", 1)
            found.add((str(parts[0]), str(parts[1])))
        elif path[-1:] == ["Fn::Sub"]:
            texts = walk.listed(value)
            own = set(texts[1]) if len(texts) > 1 and isinstance(texts[1], dict) else set()
            for variable in VARIABLE.findall(str(texts[0])):
                name, _, attribute = variable.partition(".")
                if variable not in own and not variable.startswith("!"):
                    found.add((name, attribute))
    return found
