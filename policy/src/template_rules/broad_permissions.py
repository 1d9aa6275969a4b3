"""Actions allowed on everything, or on all of a type, although they could name a resource."""

from typing import NamedTuple


class Broad(NamedTuple):
    """Actions, what they are allowed on (`*`, or an ARN's part after the account), and why."""

    reason: str
    resources: frozenset[str]
    actions: frozenset[str]


def _broad(reason: str, resources: str, actions: str) -> Broad:
    return Broad(reason, frozenset(resources.split()), frozenset(actions.split()))


EXCEPTIONS = (
    _broad(
        "It is asked about a file, which belongs to no stack.",
        "*",
        "cloudformation:GetTemplateSummary",
    ),
    _broad(
        "Lambda makes up a mapping's id; the condition names the function that it calls.",
        "*",
        """lambda:DeleteEventSourceMapping lambda:GetEventSourceMapping
        lambda:UpdateEventSourceMapping""",
    ),
    _broad(
        "No condition key holds a mapping's function; another stack's mappings are denied.",
        "event-source-mapping:*",
        "lambda:ListTags lambda:TagResource lambda:UntagResource",
    ),
    _broad(
        "The key is a parameter of another stack; the condition lets S3 alone use it.",
        "key/*",
        "kms:Decrypt",
    ),
    _broad(
        "The model's image is in an account and repository that differ by region.",
        "repository/*",
        "ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer",
    ),
    _broad(
        "API Gateway makes up the ids; what belongs to another stack is denied.",
        "/apikeys/* /restapis/* /tags/* /usageplans/*",
        "apigateway:DELETE apigateway:GET apigateway:PATCH apigateway:POST apigateway:PUT",
    ),
    _broad(
        "CloudFormation makes up the names; what belongs to another stack is denied.",
        "endpoint-config/* model/*",
        """sagemaker:AddTags sagemaker:CreateEndpoint sagemaker:CreateEndpointConfig
        sagemaker:CreateModel sagemaker:DeleteEndpoint sagemaker:DeleteEndpointConfig
        sagemaker:DeleteModel sagemaker:DeleteTags sagemaker:DescribeEndpoint
        sagemaker:DescribeEndpointConfig sagemaker:DescribeModel sagemaker:ListTags
        sagemaker:UpdateEndpoint sagemaker:UpdateEndpointWeightsAndCapacities""",
    ),
    _broad(
        "Application Auto Scaling makes up a target's id; no tag gives a permission on one.",
        "scalable-target/*",
        """application-autoscaling:DeleteScalingPolicy
        application-autoscaling:DeregisterScalableTarget
        application-autoscaling:ListTagsForResource application-autoscaling:PutScalingPolicy
        application-autoscaling:RegisterScalableTarget application-autoscaling:TagResource
        application-autoscaling:UntagResource""",
    ),
    _broad(
        "CloudFront makes up the ids; another stack's distributions are denied by their tags.",
        "cache-policy/* distribution/* origin-access-control/* response-headers-policy/*",
        """cloudfront:DeleteCachePolicy cloudfront:DeleteDistribution
        cloudfront:DeleteOriginAccessControl cloudfront:DeleteResponseHeadersPolicy
        cloudfront:GetCachePolicy cloudfront:GetDistribution cloudfront:GetDistributionConfig
        cloudfront:GetOriginAccessControl cloudfront:GetResponseHeadersPolicy
        cloudfront:ListTagsForResource cloudfront:TagResource cloudfront:UntagResource
        cloudfront:UpdateCachePolicy cloudfront:UpdateDistribution
        cloudfront:UpdateOriginAccessControl cloudfront:UpdateResponseHeadersPolicy""",
    ),
    _broad("It only lists alarms.", "alarm:*", "cloudwatch:DescribeAlarms"),
)


def is_listed(action: str, resource: str) -> bool:
    """Tell whether an action is allowed on everything for a reason that is listed.

    Args:
        action: The action.
        resource: `*`, or the part of an ARN after the account.
    """
    return any(action in each.actions and resource in each.resources for each in EXCEPTIONS)
