"""E9004: stored data is encrypted."""

from collections.abc import Callable
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk


def _table(properties: dict[str, Any]) -> bool:
    specification = properties.get("SSESpecification")
    return isinstance(specification, dict) and specification.get("SSEEnabled") in (True, "true")


def _queue(properties: dict[str, Any]) -> bool:
    managed = properties.get("SqsManagedSseEnabled") in (True, "true")
    return managed or bool(properties.get("KmsMasterKeyId"))


ENCRYPTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "AWS::S3::Bucket": lambda properties: bool(properties.get("BucketEncryption")),
    "AWS::DynamoDB::Table": _table,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::SQS::Queue": _queue,
    "AWS::SNS::Topic": lambda properties: bool(properties.get("KmsMasterKeyId")),
    "AWS::Kinesis::Stream": lambda properties: bool(properties.get("StreamEncryption")),
}


class StoresAreEncrypted(CloudFormationLintRule):
    """Requires explicit encryption of buckets, tables, queues, topics and streams."""

    id = "E9004"
    shortdesc = "Buckets, tables, queues and topics are encrypted"
    description = "Encryption is in the template, not left to a default that may differ by account"
    source_url = "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_protect_data_rest_encrypt.html"
    tags = ["encryption", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find stores whose encryption is off or not specified."""
        return [
            RuleMatch(["Resources", name], f"{name} does not say how it is encrypted")
            for name, kind, resource in walk.resources(cfn.template)
            if kind in ENCRYPTED and not ENCRYPTED[kind](walk.properties(resource))
        ]
