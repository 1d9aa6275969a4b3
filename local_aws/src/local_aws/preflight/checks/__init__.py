"""The checks, each a function from a context to findings, in the order in which they are made."""

from collections.abc import Callable, Iterator

from local_aws.preflight.checks import endpoint, identity, limits, model, names, stacks
from local_aws.preflight.context import Context
from local_aws.preflight.findings import Finding

type Check = Callable[[Context], Iterator[Finding]]

# Without these two nothing else can be asked.
FIRST: tuple[Check, ...] = (identity.credentials, identity.region)
CHECKS: dict[str, Check] = {
    "Quotas": limits.check,
    "Model": model.check,
    "Stacks": stacks.check,
    "Names": names.check,
    "Endpoint": endpoint.check,
    identity.PROVIDER: identity.provider,
}

# What an identity needs for all of them: nothing that writes.
ACTIONS = (
    "cloudformation:DescribeStacks",
    "dynamodb:DescribeTable",
    "ec2:DescribeRegions",
    "ecr:BatchGetImage",
    "iam:ListOpenIDConnectProviders",
    "lambda:GetAccountSettings",
    "logs:DescribeLogGroups",
    "s3:GetObject",
    "s3:ListBucket",
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:ListEndpoints",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
    "sts:GetCallerIdentity",
)
