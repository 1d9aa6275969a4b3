"""E9006: every stateful resource has a deletion policy."""

from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk

POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")
# Data that cannot be recreated.
KEPT = frozenset(
    {
        "AWS::DynamoDB::GlobalTable",
        "AWS::DynamoDB::Table",
        "AWS::EFS::FileSystem",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::S3::Bucket",
    }
)
DECIDED = KEPT | {
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
}
SAFE = ("Retain", "RetainExceptOnCreate", "Snapshot")


class DeletionIsDecided(CloudFormationLintRule):
    """Requires both policies on stateful resources; buckets, tables and databases are retained."""

    id = "E9006"
    shortdesc = "Stateful resources have both deletion policies"
    description = "By default, deleting a stack or replacing a resource deletes no data"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"
    tags = ["data", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find stateful resources whose policies are missing or lose data."""
        found = []
        for name, kind, resource in walk.resources(cfn.template):
            for policy in POLICIES:
                decided = resource.get(policy)
                if kind in KEPT and decided not in SAFE:
                    message = f"{name} holds data: its {policy} must be Retain or Snapshot"
                    found.append(RuleMatch(["Resources", name], message))
                elif kind in DECIDED and not decided:
                    message = f"{name} has state and no {policy}"
                    found.append(RuleMatch(["Resources", name], message))
        return found
