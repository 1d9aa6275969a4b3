"""E9013: what whoever deploys a template sees is described, grouped and named alike."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk

INTERFACE = "AWS::CloudFormation::Interface"


class InterfaceIsDescribed(CloudFormationLintRule):
    """Requires a template that groups its parameters to group and describe all of them.

    The groups order the console's form; a parameter in none of them comes last, without a heading.
    An export begins with the stack's name, so that two copies of a stack can share a region.
    """

    id = "E9013"
    shortdesc = "Parameters are grouped, parameters and outputs described, exports named alike"
    description = "What a deployment asks for and returns is described in sentences"
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-resource-cloudformation-interface.html"
    )
    tags = ["interface", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find what is not described, not grouped or named otherwise."""
        interface = cfn.template.get("Metadata", {}).get(INTERFACE)
        if interface is None:
            return []
        return [
            *_undescribed(cfn.template),
            *_ungrouped(cfn.template.get("Parameters", {}), interface),
            *_named_otherwise(cfn.template.get("Outputs", {})),
        ]


def _undescribed(template: dict[str, Any]) -> Iterator[RuleMatch]:
    for section in ("Parameters", "Outputs"):
        for name, each in template.get(section, {}).items():
            if not str(each.get("Description", "")).strip().endswith("."):
                yield RuleMatch([section, name], f"{name} has no description that is a sentence")


def _ungrouped(parameters: dict[str, Any], interface: dict[str, Any]) -> Iterator[RuleMatch]:
    groups = interface.get("ParameterGroups", [])
    listed = Counter(name for group in groups for name in group.get("Parameters", []))
    for name in parameters:
        if listed[name] != 1:
            yield RuleMatch(["Parameters", name], f"{name} is in {listed[name]} parameter groups")


def _named_otherwise(outputs: dict[str, Any]) -> Iterator[RuleMatch]:
    for name, output in outputs.items():
        wanted = f"${{AWS::StackName}}-{name}"
        if "Export" in output and walk.text(output["Export"].get("Name")) != wanted:
            yield RuleMatch(["Outputs", name], f"{name} is not exported as {wanted}")
