"""How long the IAM policies of templates become."""

import json
import re
from typing import TYPE_CHECKING, Any

from local_aws.project import templates
from local_aws.project.places import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_aws.project.expansion import Stack

# As long as anything that stands in their place.
UNKNOWN = "x" * 64
PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": max(FACTS.regions, key=len),
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": max(FACTS.stacks.values(), key=len),
}


def sizes(stacks: "Iterable[Stack]") -> dict[str, int]:
    """Measure the longest policies.

    Args:
        stacks: Stacks that make roles and policies.

    Returns:
        Characters without whitespace, which IAM does not count, by the quotas' ids.
    """
    managed, inline, trust = [0], [0], [0]
    for stack in stacks:
        attached = sum(_length(stack, each) for each in _documents(stack, "AWS::IAM::Policy"))
        managed += [_length(stack, each) for each in _documents(stack, "AWS::IAM::ManagedPolicy")]
        for role in stack.of("AWS::IAM::Role"):
            own = stack.resolve(role.get("Policies", []))
            inline.append(attached + sum(_length(stack, each["PolicyDocument"]) for each in own))
            trust.append(_length(stack, role["AssumeRolePolicyDocument"]))
    return {
        "managed-policy-characters": max(managed),
        "inline-policy-characters": max(inline),
        "trust-policy-characters": max(trust),
    }


def _documents(stack: "Stack", kind: str) -> "list[Any]":
    return [each["PolicyDocument"] for each in stack.of(kind)]


def _length(stack: "Stack", document: Any) -> int:
    whole = _written(stack, stack.resolve(document))
    text = whole if isinstance(whole, str) else json.dumps(whole, separators=(",", ":"))
    return len(re.sub(r"\s", "", text))


def _written(stack: "Stack", value: Any) -> Any:
    """Replace functions by texts that are as long as what they stand for, or longer."""
    match value:
        case {"Fn::Sub": str(pattern)}:
            return _substituted(stack, pattern, {})
        case {"Fn::Sub": [str(pattern), dict(local)]}:
            return _substituted(stack, pattern, {k: _written(stack, v) for k, v in local.items()})
        case dict() if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            return PSEUDO.get(str(value.get("Ref")), UNKNOWN)
        case dict():
            return {_written(stack, k): _written(stack, v) for k, v in value.items()}
        case list():
            return [_written(stack, each) for each in value]
    return value


def _substituted(stack: "Stack", pattern: str, local: dict[str, Any]) -> str:
    known = PSEUDO | {name: value or UNKNOWN for name, value in stack.values.items()} | local
    return templates.PLACEHOLDER.sub(lambda match: str(known.get(match[1], UNKNOWN)), pattern)
