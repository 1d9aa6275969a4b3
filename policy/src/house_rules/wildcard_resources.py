"""E9003: a wildcard for all resources needs its reason beside it."""

import re
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from house_rules import reasons, walk

# All there is, all of a service, all of a type; in S3, all buckets. Variables are left out first,
# since their colons are none of the ARN's.
EVERYTHING = re.compile(
    r"\*|arn:[^:]*:(?!s3:)(?:[^:]*:){3}/?(?:[\w-]+[:/])?\*(?::\*)?|arn:[^:]*:s3:::\*(?:/\*)?"
)
VARIABLE = re.compile(r"\$\{[^}]*\}")


class NoWildcardResourceWithoutReason(CloudFormationLintRule):
    """Refuses `*` as a resource, or as all there is of an ARN's id, unless a comment says why."""

    id = "E9003"
    shortdesc = "No wildcard resource without a reason beside it"
    description = "An action that knows no resource is told from one that could have named it"
    source_url = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html"
    )
    tags = ["iam", "house"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find statements that allow actions on everything, without a comment."""
        found = []
        for path, statement in walk.statements(cfn.template):
            # In a key's policy, "*" is the key.
            if statement["Effect"] != "Allow" or "KeyPolicy" in path:
                continue
            if "NotResource" in statement:
                found.append(RuleMatch(path, "NotResource allows everything that it does not name"))
            found += [
                RuleMatch(path, f"{resource} is everything, and no comment beside it says why")
                for _, resource in walk.every(statement.get("Resource", []), [])
                if isinstance(resource, str)
                and EVERYTHING.fullmatch(VARIABLE.sub("", resource))
                and not reasons.has_reason(cfn.filename, statement)
            ]
        return found
