"""E9012: no whitespace in the names in a statement."""

import re
from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import values, walk

WHITESPACE = re.compile(r"\s")
# A list item that YAML folded into the line above it, or a line break.
FOLDED = re.compile(r"\s-\s|[\n\r\t]|^\s|\s$")
# Keys whose values are free text, which may contain spaces: tags, names and headers.
FREE = re.compile(
    r".*tag/.*|kms:encryptioncontext:.*|cloudwatch:namespace|aws:useragent|aws:referer"
    r"|s3:prefix|dynamodb:leadingkeys",
    re.IGNORECASE,
)


class NoWhitespaceInStatement(CloudFormationLintRule):
    """Refuses whitespace in the names in a statement: such a name matches nothing.

    A list's item that is indented too far becomes part of the line above it, and YAML joins the two
    with a space. The values of some condition keys may contain spaces, but not like this.
    """

    id = "E9012"
    shortdesc = "No whitespace in an action, a resource, a principal or a condition"
    description = "An ARN that contains whitespace matches nothing"
    source_url = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"
    tags = ["iam", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find whitespace in the names in statements."""
        return [
            RuleMatch(path, f"{value!r} contains whitespace, so it matches nothing")
            for path, statement in walk.statements(cfn.template)
            for value in _with_whitespace(statement)
        ]


def _with_whitespace(statement: dict[str, Any]) -> Iterator[str]:
    for element in ("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"):
        yield from _found(statement.get(element, []), WHITESPACE)
    # Operators and keys.
    for path, _ in walk.every(statement.get("Condition", {}), []):
        yield from _found(path[-1:], WHITESPACE)
    for _, key, value in values.conditions(statement):
        yield from _found(value, FOLDED if FREE.fullmatch(key) else WHITESPACE)


def _found(node: Any, whitespace: re.Pattern[str]) -> Iterator[str]:
    for _, value in walk.every(node, []):
        if isinstance(value, str) and whitespace.search(value):
            yield value
