"""Permissions in CloudFormation's registry that no deployment here needs, and why not."""

NOT_USED = "no template uses this property"
KEPT = "it holds data: no pipeline deletes it"
NO_KEY = "no key of one's own is used: AWS's keys are used on behalf of the service"
INLINE = "the API's document is in the template"
NO_SUCH_ACTION = "a name in the registry that IAM does not know"
NO_MANAGED_POLICY = "the roles have policies of their own alone"
KEEPS_BOUNDARY = "a role never loses its boundary"

# By type (`*`: any), handler (`*`: any) and the beginning of the action.
EXEMPTIONS: dict[tuple[str, str], dict[str, str]] = {
    ("AWS::ApiGateway::RestApi", "*"): {
        "apigateway:UpdateRestApiPolicy": NOT_USED,
        "iam:PassRole": INLINE,
        "s3:": INLINE,
    },
    ("AWS::ApplicationAutoScaling::ScalableTarget", "*"): {
        "application-autoscaling:DeleteScheduled": NOT_USED,
        "application-autoscaling:PutScheduled": NOT_USED,
        "iam:PassRole": "the role is linked to the service",
        "lambda:": "the target is no function",
    },
    ("AWS::CloudFront::Distribution", "*"): {
        "cloudfront:CreateConnectionGroup": NOT_USED,
        "cloudfront:CreateDistributionWithTags": NO_SUCH_ACTION,
        "cloudfront:GetConnectionGroup": NOT_USED,
        "cloudfront:GetVpcOrigin": NOT_USED,
        "cloudfront:UpdateDistributionWithStagingConfig": NOT_USED,
    },
    ("AWS::DynamoDB::Table", "*"): {
        "dynamodb:AssociateTableReplica": NOT_USED,
        "dynamodb:BatchWriteItem": "for replicas, of which there are none",
        "dynamodb:CreateTableReplica": NOT_USED,
        "dynamodb:DeleteItem": "for replicas, of which there are none",
        "dynamodb:DeleteResourcePolicy": NOT_USED,
        "dynamodb:DeleteTable": KEPT,
        "dynamodb:DescribeImport": NOT_USED,
        "dynamodb:DisableKinesis": NOT_USED,
        "dynamodb:EnableKinesis": NOT_USED,
        "dynamodb:GetItem": "for replicas, of which there are none",
        "dynamodb:ImportTable": NOT_USED,
        "dynamodb:PutItem": "for replicas, of which there are none",
        "dynamodb:PutResourcePolicy": NOT_USED,
        "dynamodb:Query": "for replicas, of which there are none",
        "dynamodb:Scan": "for replicas, of which there are none",
        "dynamodb:UpdateContributorInsights": NOT_USED,
        "dynamodb:UpdateItem": "for replicas, of which there are none",
        "dynamodb:UpdateKinesis": NOT_USED,
        "iam:": "for replicas, of which there are none",
        "kinesis:": NOT_USED,
        "kms:": NO_KEY,
        "logs:": "for imports, of which there are none",
        "s3:": "for imports, of which there are none",
    },
    ("AWS::IAM::Role", "*"): {
        "iam:AttachRolePolicy": NO_MANAGED_POLICY,
        "iam:DeleteRolePermissionsBoundary": KEEPS_BOUNDARY,
        "iam:DetachRolePolicy": NO_MANAGED_POLICY,
        "iam:ListRoleTags": "GetRole answers with the tags",
    },
    ("AWS::Lambda::EventSourceMapping", "*"): {"kms:": NO_KEY},
    ("AWS::Lambda::Function", "*"): {
        "ec2:": "the functions are in no network of their own",
        "elasticfilesystem:": NOT_USED,
        "kms:": NO_KEY,
        "lambda:AssociateRuntimeAlias": NO_SUCH_ACTION,
        "lambda:DeleteFunctionCodeSigning": NOT_USED,
        "lambda:GetCodeSigningConfig": NOT_USED,
        "lambda:GetLayerVersion": NOT_USED,
        "lambda:PassCapacityProvider": NOT_USED,
        "lambda:PublishVersion": NOT_USED,
        "lambda:PutFunctionCodeSigning": NOT_USED,
        "lambda:PutFunctionRecursionConfig": NOT_USED,
        "lambda:PutFunctionScalingConfig": NOT_USED,
        "lambda:PutRuntimeManagementConfig": NOT_USED,
        "s3files:": NOT_USED,
    },
    ("AWS::Logs::LogGroup", "*"): {
        "firehose:": NOT_USED,
        "logs:AssociateKmsKey": NO_KEY,
        "logs:CreateLogDelivery": NOT_USED,
        "logs:DeleteDataProtectionPolicy": NOT_USED,
        "logs:DeleteIndexPolicy": NOT_USED,
        "logs:DeleteResourcePolicy": NOT_USED,
        "logs:DisassociateKmsKey": NO_KEY,
        "logs:PutBearerTokenAuthentication": NOT_USED,
        "logs:PutDataProtectionPolicy": NOT_USED,
        "logs:PutIndexPolicy": NOT_USED,
        "logs:PutLogGroupDeletionProtection": NOT_USED,
        "logs:PutResourcePolicy": NOT_USED,
        "s3:": NO_SUCH_ACTION,
    },
    ("AWS::S3::Bucket", "*"): {
        "iam:": "for replication, of which there is none",
        "s3:CreateBucketMetadata": NOT_USED,
        "s3:DeleteBucketAnalytics": NOT_USED,
        "s3:DeleteBucketCors": NO_SUCH_ACTION,
        "s3:DeleteBucketEncryption": NO_SUCH_ACTION,
        "s3:DeleteBucketLifecycle": NO_SUCH_ACTION,
        "s3:DeleteBucketMetadata": NOT_USED,
        "s3:DeleteBucketMetrics": NO_SUCH_ACTION,
        "s3:DeleteBucketReplication": NO_SUCH_ACTION,
        "s3:DeleteBucketTagging": NO_SUCH_ACTION,
        "s3:DeleteBucketWebsite": NOT_USED,
        "s3:DeleteObject": KEPT,
        "s3:PutAccelerate": NOT_USED,
        "s3:PutAnalytics": NOT_USED,
        "s3:PutBucketAbac": NOT_USED,
        "s3:PutBucketAcl": NOT_USED,
        "s3:PutBucketNotification": NOT_USED,
        "s3:PutBucketObjectLock": NOT_USED,
        "s3:PutBucketReplication": NO_SUCH_ACTION,
        "s3:PutBucketWebsite": NOT_USED,
        "s3:PutIntelligentTiering": NOT_USED,
        "s3:PutInventory": NOT_USED,
        "s3:PutMetrics": NOT_USED,
        "s3:PutObject": NOT_USED,
        "s3:PutReplication": NOT_USED,
        "s3:UpdateBucketMetadata": NOT_USED,
        "s3tables:": NOT_USED,
    },
    ("AWS::SNS::Subscription", "*"): {
        "iam:": "for deliveries to Firehose, of which there are none"
    },
    ("AWS::SNS::Topic", "*"): {
        "iam:": "for delivery logs, of which there are none",
        "sns:PutDataProtectionPolicy": NOT_USED,
    },
    ("AWS::SageMaker::EndpointConfig", "*"): {
        "iam:PassRole": "the model has the role",
        "kms:": "a key of one's own has a policy of one's own",
    },
}

# What an action depends on that no deployment here needs.
INDEPENDENT = {
    ("cloudfront:CreateDistribution", "cloudfront:CreateConnectionGroup"): NOT_USED,
    ("lambda:CreateFunction", "lambda:PassCapacityProvider"): NOT_USED,
    ("sns:CreateTopic", "iam:PassRole"): "for delivery logs, of which there are none",
    ("sns:SetTopicAttributes", "iam:PassRole"): "for delivery logs, of which there are none",
}


def reason(kind: str, handler: str, action: str) -> str | None:
    """Return why a permission is not needed; None if it is."""
    for key in ((kind, handler), (kind, "*")):
        for beginning, why in EXEMPTIONS.get(key, {}).items():
            if action.startswith(beginning):
                return why
    return None
