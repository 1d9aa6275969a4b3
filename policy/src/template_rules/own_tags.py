"""E9011: no permission by a tag that its holder may set."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import holders, reference, values, walk

# aws:ResourceTag/…, aws:PrincipalTag/…, s3:ExistingObjectTag/…, rds:db-tag/…; but not the tags that
# a request brings along, such as aws:RequestTag/… and rds:req-tag/….
TAG = re.compile(r"([\w-]+):(?!req)([\w-]*tag)/(.+)", re.IGNORECASE)
# The value of a tag of who asks, in a resource or a condition; Fn::Sub has an exclamation mark.
OWN_VALUE = re.compile(r"\$\{!?aws:PrincipalTag/([^},]+)", re.IGNORECASE)
# Tags that only CloudFormation can set.
SYSTEM = "aws:"
# Actions that set the caller's own tags.
OF_PRINCIPALS = frozenset({"iam", "sts", "cognito-identity"})
# Operators that want one of the values, and the tag to be there.
GUARDS = re.compile(r"(?:ForAnyValue:)?(?:String|Arn)(?:Equals|Like|EqualsIgnoreCase)")
# API Gateway's methods change tags under this path, and POST also of what it makes.
TAG_PATH = "arn:*:apigateway:*::/tags/*"
METHODS = frozenset({"apigateway:DELETE", "apigateway:PATCH", "apigateway:PUT"})


class Held(NamedTuple):
    """A statement that allows something: its path, and the principals that have it."""

    path: walk.Path
    statement: dict[str, Any]
    holders: frozenset[str]


class Asked(NamedTuple):
    """A tag that a statement asks for: its kind, the operator and the values."""

    kind: str
    tag: str
    operator: str
    texts: frozenset[str]


class NoPermissionByOwnTag(CloudFormationLintRule):
    """Refuses a permission that depends on a tag which its holder may set.

    With both permissions, a principal could tag a foreign resource, or itself, and gain the first.
    A permission to tag is harmless where it requires the same tag and value, or where only
    CloudFormation can set the tag.
    """

    id = "E9011"
    shortdesc = "No permission by a tag that its holder may set"
    description = "Setting a tag must not extend the permissions of whoever sets it"
    source_url = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html"
    tags = ["iam", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find pairs of permissions, one by a tag, and one to set it."""
        held = [
            Held(path, statement, holders.of(cfn.template, path))
            for path, statement in walk.statements(cfn.template)
            if statement["Effect"] == "Allow"
        ]
        taggers = [(each, services) for each in held if (services := _tagged(each.statement))]
        return [
            RuleMatch(
                each.path,
                f"This is allowed by the tag {asked.tag}, and its holder may set that tag",
            )
            for each in held
            for asked in _asked(each.statement)
            if any(
                each.holders & tagger.holders
                and _reaches(services, asked, each.statement)
                and not _guarded(tagger.statement, asked)
                for tagger, services in taggers
            )
        ]


def _tagged(statement: dict[str, Any]) -> frozenset[str]:
    """Return the services whose tags a statement allows to change."""
    names = values.actions(statement)
    excepted = _known(values.actions(statement, "NotAction"))
    if "NotAction" in statement:
        names.append("*")
    return frozenset(
        action.partition(":")[0]
        for action in _known(names) - excepted
        if _changes_tags(action, statement)
    )


def _changes_tags(action: str, statement: dict[str, Any]) -> bool:
    if action not in METHODS:
        return reference.sets_tags(action)
    resources = map(values.pattern, values.choices(statement.get("Resource", "*")))
    return any(
        each is None or not each.startswith("arn:") or reference.arns_overlap(each, TAG_PATH)
        for each in resources
    )


def _known(names: list[str]) -> set[str]:
    return {action for name in names for action in reference.matching(name)}


def _reaches(services: frozenset[str], asked: Asked, statement: dict[str, Any]) -> bool:
    """Tell whether tags of these services are what a statement asks for."""
    if asked.kind == "principaltag":
        return bool(services & OF_PRINCIPALS)
    if "NotAction" in statement:
        return True
    named = {action.partition(":")[0].lower() for action in values.actions(statement)}
    return any(reference.overlap(one, other) for one in services for other in named)


def _asked(statement: dict[str, Any]) -> Iterator[Asked]:
    """Yield the tags that a statement asks for, but for those of CloudFormation."""
    for operator, key, value in values.conditions(statement):
        parsed = TAG.fullmatch(key)
        if parsed and not parsed[3].lower().startswith(SYSTEM):
            texts = frozenset(map(str, values.choices(value)))
            yield Asked(parsed[2].lower(), parsed[3].lower(), operator, texts)
    for _, node in walk.every([statement.get("Resource"), statement.get("Condition")], []):
        for tag in OWN_VALUE.findall(node) if isinstance(node, str) else ():
            yield Asked("principaltag", tag.lower(), "", frozenset())


def _guarded(tagger: dict[str, Any], asked: Asked) -> bool:
    """Tell whether who tags must have what the tag gives already."""
    return bool(GUARDS.fullmatch(asked.operator.removesuffix("IfExists"))) and any(
        (guard.kind, guard.tag) == (asked.kind, asked.tag)
        and GUARDS.fullmatch(guard.operator)
        and guard.texts <= asked.texts
        for guard in _asked(tagger)
    )
