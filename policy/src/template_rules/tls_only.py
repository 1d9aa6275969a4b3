"""E9008: buckets, queues and topics are reached over TLS alone."""

from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from template_rules import walk

# Each store, the policy that protects it, and the property by which the policy names the store.
POLICIES = {
    "AWS::S3::Bucket": ("AWS::S3::BucketPolicy", "Bucket"),
    "AWS::SQS::Queue": ("AWS::SQS::QueuePolicy", "Queues"),
    "AWS::SNS::Topic": ("AWS::SNS::TopicPolicy", "Topics"),
}


class TlsIsRequired(CloudFormationLintRule):
    """Requires each bucket, queue and topic to deny plain HTTP to every principal."""

    id = "E9008"
    shortdesc = "Buckets, queues and topics refuse plain HTTP"
    description = "A resource policy denies requests for which aws:SecureTransport is false"
    source_url = (
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html"
    )
    tags = ["encryption", "imagelabeller"]  # noqa: RUF012 - cfn-lint's interface

    def match(self, cfn: Any) -> list[RuleMatch]:
        """Find stores without such a policy."""
        protected: dict[str, set[str]] = {kind: set() for kind in POLICIES}
        for _, kind, resource in walk.resources(cfn.template):
            for store, (policy, names) in POLICIES.items():
                properties = walk.properties(resource)
                if kind == policy and _denies_plain_http(properties):
                    protected[store] |= walk.references(properties.get(names))
        return [
            RuleMatch(["Resources", name], f"{name} has no policy that denies plain HTTP")
            for name, kind, _ in walk.resources(cfn.template)
            if kind in POLICIES and name not in protected[kind]
        ]


def _denies_plain_http(properties: dict[str, Any]) -> bool:
    return any(
        statement["Effect"] == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and str(
            statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport", "")
        ).lower()
        == "false"
        for _, statement in walk.statements({"Resources": {"Policy": {"Properties": properties}}})
    )
