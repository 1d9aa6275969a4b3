"""E9007: outside a local cloud, every entry point authenticates its caller."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk

# Parameters that open something, and the values that are for an emulator alone. An empty one means
# any value.
LOCAL_ONLY = {"AuthMode": "None", "TransportSecurity": "Optional", "TrustedImageHosts": ""}
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
OPEN = ("NONE", "None")
# Conditions that narrow a permission granted to every principal.
NARROWING = frozenset({"SourceArn", "SourceAccount", "PrincipalOrgID"})
# What deploys to an environment, and may override its parameters.
DEPLOYMENTS = ("bitbucket-pipelines.yml", "component.mk", "Makefile")


class AuthorisationIsNeverNone(CloudFormationLintRule):
    """Refuses open routes, URLs and policies, and environments whose parameters open them."""

    id = "E9007"
    shortdesc = "Authorisation is never None outside a local cloud"
    description = "Defaults, environments, deployments and API documents all require authentication"
    source_url = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html"
    tags = ["api", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find open entry points in the template and in the files next to it."""
        folder = Path(cfn.filename or ".").parent
        parameters = set(cfn.template.get("Parameters", {})) & set(LOCAL_ONLY)
        return [
            *_defaults(cfn.template, parameters),
            *_environments(folder, parameters),
            *_deployments(folder, parameters),
            *_resources(cfn.template),
            *_statements(cfn.template),
            *_documents(cfn.template, folder),
        ]


def _opens(name: str, value: object) -> bool:
    only = LOCAL_ONLY[name]
    return str(value) == only if only else bool(value)


def _defaults(template: Any, names: set[str]) -> Iterator[RuleMatch]:
    for name in sorted(names):
        default = template["Parameters"][name].get("Default", "")
        if _opens(name, default):
            yield RuleMatch(["Parameters", name], f"{name} is {default} by default")


def _environments(folder: Path, names: set[str]) -> Iterator[RuleMatch]:
    for path in sorted((folder / "parameters").glob("*.yml")):
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for name in sorted(names & set(values)):
            if path.stem != "local" and _opens(name, values[name]):
                message = f"{path.name} sets {name} to {values[name]!s}"
                yield RuleMatch(["Parameters", name], message)


def _deployments(folder: Path, names: set[str]) -> Iterator[RuleMatch]:
    for path in (folder / name for name in DEPLOYMENTS if (folder / name).exists()):
        for name in sorted(names):
            opening = rf"\b{name}=['\"]?{LOCAL_ONLY[name] or '[^\\s]+'}"
            if assigned := re.search(opening, path.read_text("utf-8")):
                yield RuleMatch(["Parameters", name], f"{path.name} sets {assigned[0]}")


def _resources(template: Any) -> Iterator[RuleMatch]:
    for name, kind, resource in walk.resources(template):
        if not _asks(kind, walk.properties(resource)):
            yield RuleMatch(["Resources", name], f"{name} is open to everyone")


def _asks(kind: str, properties: dict[str, Any]) -> bool:
    authorised = properties.get("AuthorizationType") not in (*OPEN, None)
    match kind:
        case "AWS::ApiGateway::Method":
            return authorised or _keyed(properties) or properties.get("HttpMethod") == "OPTIONS"
        case "AWS::ApiGatewayV2::Route":
            return authorised
        case "AWS::Lambda::Permission":
            return properties.get("Principal") != "*" or bool(NARROWING & set(properties))
        case "AWS::Serverless::Function":
            events = properties.get("Events")
            routes = events.values() if isinstance(events, dict) else ()
            url = properties.get("FunctionUrlConfig")
            return all(map(_route_asks, routes)) and _url_asks(url)
        case _:
            return _url_asks(properties)


def _route_asks(event: Any) -> bool:
    """Tell whether an event that SAM turns into a route authenticates its caller."""
    if not isinstance(event, dict) or event.get("Type") not in ("Api", "HttpApi"):
        return True
    auth = walk.properties(event).get("Auth")
    return isinstance(auth, dict) and (_keyed(auth) or auth.get("Authorizer") not in (*OPEN, None))


def _url_asks(properties: Any) -> bool:
    return not isinstance(properties, dict) or properties.get("AuthType") not in OPEN


def _keyed(properties: dict[str, Any]) -> bool:
    return properties.get("ApiKeyRequired") in (True, "true")


def _statements(template: Any) -> Iterator[RuleMatch]:
    for path, statement in walk.statements(template):
        named = walk.every(statement.get("Principal"), [])
        everybody = "NotPrincipal" in statement or any(value == "*" for _, value in named)
        if statement["Effect"] == "Allow" and everybody and not statement.get("Condition"):
            yield RuleMatch(path, "A statement without a condition allows every principal")


def _documents(template: Any, folder: Path) -> Iterator[RuleMatch]:
    for path, node in walk.every(template.get("Resources", {}), ["Resources"]):
        if not isinstance(node, dict):
            continue
        if node.get("Name") == "AWS::Include":
            included = folder / Path(str(node.get("Parameters", {}).get("Location", ""))).name
            # A deployment's own copy may be missing where nothing is built.
            if included.is_file():
                yield from _operations(yaml.safe_load(included.read_text("utf-8")), path)
        elif "paths" in node and ("openapi" in node or "swagger" in node):
            yield from _operations(node, path)


def _operations(document: Any, path: walk.Path) -> Iterator[RuleMatch]:
    for route, item in document.get("paths", {}).items():
        for method in sorted(METHODS & set(item)):
            if not item[method].get("security"):
                yield RuleMatch(path, f"{method.upper()} {route} names no security")
