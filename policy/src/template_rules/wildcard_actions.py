"""E9002: no wildcard in an action that is allowed."""

from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk


class NoWildcardAction(CloudFormationLintRule):
    """Refuses `*`, `s3:*`, `s3:Get*` and everything-but (`NotAction`) in what is allowed.

    The one exception is the statement that hands a KMS key to its account: without it nobody could
    ever change the key.
    """

    id = "E9002"
    shortdesc = "No wildcard in an allowed action"
    description = "Actions that AWS adds later are not granted: each action is named"
    source_url = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html"
    )
    tags = ["iam", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find statements that allow by wildcard or by exception."""
        found = []
        for path, statement in walk.statements(cfn.template):
            if statement["Effect"] != "Allow" or _hands_key_to_account(path, statement):
                continue
            if "NotAction" in statement:
                found.append(RuleMatch(path, "NotAction allows everything that it does not name"))
            found += [
                RuleMatch(path, f"{action} would also allow actions that AWS adds later")
                for _, action in walk.every(statement.get("Action", []), [])
                if isinstance(action, str) and "*" in action
            ]
        return found


def _hands_key_to_account(path: walk.Path, statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    account = principal.get("AWS") if isinstance(principal, dict) else None
    return "KeyPolicy" in path and walk.text(account).endswith(":iam::${AWS::AccountId}:root")
