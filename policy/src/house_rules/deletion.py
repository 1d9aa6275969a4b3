"""E9006: what happens to what a stack leaves behind is decided."""

from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from house_rules import walk

POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")
# What nobody can make again.
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
    """Wants both policies on what has state, and buckets, tables and databases retained."""

    id = "E9006"
    shortdesc = "What has state says what becomes of it"
    description = "A deleted stack or a replaced resource takes no data along by default"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"
    tags = ["data", "house"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find resources with state whose policies are missing or lose data."""
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
