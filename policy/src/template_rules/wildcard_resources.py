"""E9003: a wildcard for all resources needs a comment with the reason."""

import re
from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import broad_permissions, reasons, reference, values, walk

# Everything, everything of a service, everything of a type; in S3, all buckets. Variables are left
# out first, since their colons are not part of the ARN.
EVERYTHING = re.compile(
    r"\*|arn:[^:]*:(?!s3:)(?:[^:]*:){3}/?(?:[\w-]+[:/])?\*(?::\*)?|arn:[^:]*:s3:::\*(?:/\*)?"
)
VARIABLE = re.compile(r"\$\{[^}]*\}")


class NoWildcardResourceWithoutReason(CloudFormationLintRule):
    """Refuses `*` as a resource, or as the entire id in an ARN, unless it is excused.

    A comment says why, and the actions either know no resource, by AWS's reference, or are listed
    in `broad_permissions` with a reason.
    """

    id = "E9003"
    shortdesc = "No wildcard resource without a reason in a comment"
    description = "Only an action without resource-level permissions may use a wildcard"
    source_url = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html"
    )
    tags = ["iam", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find statements that allow actions on everything, without a good reason."""
        found = []
        for path, statement in walk.statements(cfn.template):
            # In a key's policy, "*" is the key.
            if statement["Effect"] != "Allow" or "KeyPolicy" in path:
                continue
            if "NotResource" in statement:
                found.append(RuleMatch(path, "NotResource allows everything that it does not name"))
            for node in values.choices(statement.get("Resource", [])):
                found += [
                    RuleMatch(path, message) for message in _faults(cfn.filename, statement, node)
                ]
        return found


def _faults(filename: str, statement: dict[str, Any], node: Any) -> Iterator[str]:
    """Yield what is wrong about one of a statement's resources, if it is everything."""
    pattern = values.pattern(node) or ""
    text = walk.text(node) or pattern
    if not EVERYTHING.fullmatch(VARIABLE.sub("", text)):
        return
    if not reasons.has_reason(filename, statement):
        yield f"{text} is everything, and no comment says why"
    # A variable of the template may name what is meant.
    elif EVERYTHING.fullmatch(pattern):
        for action in values.actions(statement):
            if not _is_excused(action, pattern):
                yield f"{action} could name a resource instead of {text}, and is not listed"


def _is_excused(action: str, pattern: str) -> bool:
    known = reference.matching(action)
    if pattern == "*" and known and all(map(reference.knows_no_resource, known)):
        return True
    return broad_permissions.is_listed(action, pattern.split(":", reference.PARTS)[-1])
