"""E9001: no managed policy that grants everything."""

import re
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk

BROAD = re.compile(r"(?:^|/|:)((?:AdministratorAccess|PowerUserAccess|\w+FullAccess)[\w-]*)$")


class NoBroadManagedPolicy(CloudFormationLintRule):
    """Refuses AdministratorAccess, PowerUserAccess and every …FullAccess, wherever it is named."""

    id = "E9001"
    shortdesc = "No managed policy for administrators or for full access"
    description = "A role gets exactly the actions that it needs, in its own policy"
    source_url = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege"
    )
    tags = ["iam", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find the names of such policies in the resources and in the parameters' values."""
        return [
            RuleMatch(path, f"{broad[1]} grants more than anything here needs")
            for section in ("Parameters", "Resources")
            for path, value in walk.every(cfn.template.get(section, {}), [section])
            if isinstance(value, str) and (broad := BROAD.search(value))
        ]
