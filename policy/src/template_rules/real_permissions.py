"""E9010: AWS knows what a statement allows or denies: action, resource and conditions."""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import condition_keys, reference, values, walk

# What a resource may begin with; the last is how the policy of an API names its own.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
BEGINNINGS = ("arn:", "*", "?", "execute-api:/")


class PermissionsAreReal(CloudFormationLintRule):
    """Refuses actions that do not exist, or never on that resource or under that condition.

    What a policy names in another way than by text, such as `Fn::GetAtt`, is left to the tests of
    the roles.
    """

    id = "E9010"
    shortdesc = "Permissions match AWS's service authorization reference"
    description = "AWS knows the action, on this kind of resource, with this condition key"
    source_url = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"
    tags = ["iam", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find permissions that allow nothing, and denials that deny nothing."""
        return [
            RuleMatch(path, message)
            for path, statement in walk.statements(cfn.template)
            for message in _faults(statement)
        ]


def _faults(statement: dict[str, Any]) -> Iterator[str]:
    named = {
        action: reference.matching(action)
        for element in ("Action", "NotAction")
        for action in values.actions(statement, element)
        if "${" not in action
    }
    yield from (f"AWS has no action {action}" for action, known in named.items() if not known)
    yield from condition_keys.service_faults(statement)
    if "Action" in statement:
        real = {action: known for action, known in named.items() if known}
        yield from _resource_faults(real, statement)
        yield from condition_keys.faults(real, statement)


def _resource_faults(named: dict[str, frozenset[str]], statement: dict[str, Any]) -> Iterator[str]:
    """Yield the resources that fit none of the actions, and the actions that fit no resource."""
    # Rule E9012 covers whitespace; a trust policy names no resource.
    resources = [
        None if (text := values.pattern(each)) is None else text.strip()
        for each in values.choices(statement.get("Resource", []))
    ]
    texts = [each for each in resources if each is not None]
    yield from (f"{each} is not an ARN" for each in texts if not each.startswith(BEGINNINGS))
    arns = [each for each in texts if each.startswith("arn:")]
    every = {each for known in named.values() for each in known}
    for arn in arns:
        if every and not _fits(every, [arn]):
            yield f"none of the statement's actions applies to {arn}"
    if arns and len(arns) == len(resources):
        for action, known in named.items():
            if all(map(reference.knows_no_resource, known)):
                yield f"{action} supports no resource-level permissions, so its resource must be *"
            elif not _fits(known, arns):
                yield f"{action} applies to none of {sorted(arns)}"


def _fits(actions: set[str] | frozenset[str], arns: list[str]) -> bool:
    return any(reference.knows(action, arn) for action in actions for arn in arns)
