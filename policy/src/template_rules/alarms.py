"""E9014: an alarm says what is wrong, reaches somebody, and defines what missing data means."""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk

KIND = "AWS::CloudWatch::Alarm"
# CloudWatch ignores missing data of DynamoDB, whatever the alarm says.
IGNORES = "AWS/DynamoDB"
LONGEST_SECONDS = 86_400
SENTENCES = 2


class AlarmsAreComplete(CloudFormationLintRule):
    """Requires of each alarm what CloudWatch leaves optional and an on-call engineer needs."""

    id = "E9014"
    shortdesc = "An alarm reports its end, explains itself and defines what missing data means"
    description = "OKActions are AlarmActions; TreatMissingData is explicit; two sentences describe"
    source_url = (
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
        "alarms-and-missing-data.html"
    )
    tags = ["alarms", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find alarms that lack any of it."""
        return [
            RuleMatch(["Resources", name], f"{name} {problem}")
            for name, kind, resource in walk.resources(cfn.template)
            if kind == KIND
            for problem in _problems(walk.properties(resource), cfn.template.get("Parameters", {}))
        ]


def _problems(alarm: dict[str, Any], parameters: dict[str, Any]) -> Iterator[str]:
    actions = alarm.get("AlarmActions")
    if not actions:
        yield "has no AlarmActions"
    elif alarm.get("OKActions") != actions:
        yield "does not report its end to whoever it reports its beginning to"
    missing = alarm.get("TreatMissingData")
    if missing is None:
        yield "does not say how missing data is treated"
    elif alarm.get("Namespace") == IGNORES and missing != "ignore":
        yield "asks for what CloudWatch does not do: it ignores missing data of DynamoDB"
    description = str(alarm.get("AlarmDescription", ""))
    if len(description.split(". ")) != SENTENCES or not description.endswith("."):
        yield "does not describe in two sentences what is wrong and what to do"
    periods = int(alarm.get("EvaluationPeriods", 1))
    if any(seconds * periods > LONGEST_SECONDS for seconds in _values(alarm, parameters)):
        yield "looks at more than a day, which CloudWatch refuses"


def _values(alarm: dict[str, Any], parameters: dict[str, Any]) -> list[int]:
    """Return every value that the alarm's period can have, as far as the template says."""
    period = alarm.get("Period")
    if isinstance(period, dict):
        return [int(each) for each in parameters[period["Ref"]].get("AllowedValues", [])]
    return [] if period is None else [int(period)]
