"""E9005: logs expire."""

from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk


class LogsExpire(CloudFormationLintRule):
    """Requires a retention for each log group, and a log group in the template for each function.

    A function without one logs to a group that Lambda makes, which keeps its events forever.
    """

    id = "E9005"
    shortdesc = "Logs expire"
    description = (
        "Each log group has a retention, and each function has a log group in the template"
    )
    source_url = (
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html"
    )
    tags = ["logs", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find log groups and functions whose logs are kept forever."""
        kinds = {name: kind for name, kind, _ in walk.resources(cfn.template)}
        groups = {name for name, kind in kinds.items() if kind == "AWS::Logs::LogGroup"}
        found = []
        for name, kind, resource in walk.resources(cfn.template):
            properties = walk.properties(resource)
            if kind == "AWS::Logs::LogGroup" and not properties.get("RetentionInDays"):
                found.append(RuleMatch(["Resources", name], f"{name} keeps its events forever"))
            elif kind in ("AWS::Lambda::Function", "AWS::Serverless::Function"):
                logging = properties.get("LoggingConfig")
                if not isinstance(logging, dict) or not walk.references(logging) & groups:
                    message = f"{name} does not log to a log group of the template"
                    found.append(RuleMatch(["Resources", name], message))
        return found
