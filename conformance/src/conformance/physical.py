"""What AWS answers for `Ref` and `Fn::GetAtt`, of the form that the service gives it."""

from dataclasses import dataclass

ACCOUNT = "123456789012"
_UUID = "11111111-1111-4111-8111-111111111111"

# By type and attribute ("" is Ref); {name} is made from the stack's name and the logical id.
# Source: "Return values" in each type's reference,
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
VALUES = {
    "AWS::ApiGateway::ApiKey": {"": "aaaaa11111", "APIKeyId": "aaaaa11111"},
    "AWS::ApiGateway::Deployment": {"": "aaa111", "DeploymentId": "aaa111"},
    "AWS::ApiGateway::RestApi": {
        "": "aaaaa11111",
        "RestApiId": "aaaaa11111",
        "RootResourceId": "aaaaa11111",
    },
    "AWS::ApiGateway::Stage": {"": "v1"},
    "AWS::ApiGateway::UsagePlan": {"": "aaa111", "Id": "aaa111"},
    "AWS::CloudFront::Distribution": {
        "": "EDISTRIBUTION",
        "Id": "EDISTRIBUTION",
        "DomainName": "d111111abcdef8.cloudfront.net",
    },
    "AWS::CloudFront::Function": {
        "": "arn:aws:cloudfront::{account}:function/{name}",
        "FunctionARN": "arn:aws:cloudfront::{account}:function/{name}",
    },
    "AWS::CloudFront::OriginAccessControl": {"": "EDISTRIBUTION", "Id": "E1A2B3C4D5E6F7"},
    "AWS::CloudFront::CachePolicy": {"": _UUID, "Id": _UUID},
    "AWS::CloudFront::OriginRequestPolicy": {"": _UUID, "Id": _UUID},
    "AWS::CloudFront::ResponseHeadersPolicy": {"": _UUID, "Id": _UUID},
    "AWS::CloudWatch::Alarm": {
        "": "{name}",
        "Arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    },
    "AWS::DynamoDB::Table": {
        "": "{name}",
        "Arn": "arn:aws:dynamodb:{region}:{account}:table/{name}",
        "StreamArn": (
            "arn:aws:dynamodb:{region}:{account}:table/{name}/stream/2026-01-01T00:00:00.000"
        ),
    },
    "AWS::IAM::ManagedPolicy": {
        "": "arn:aws:iam::{account}:policy/{name}",
        "PolicyArn": "arn:aws:iam::{account}:policy/{name}",
    },
    "AWS::IAM::OIDCProvider": {
        "": "arn:aws:iam::{account}:oidc-provider/api.bitbucket.org/x",
        "Arn": "arn:aws:iam::{account}:oidc-provider/api.bitbucket.org/x",
    },
    "AWS::IAM::Role": {
        "": "{name}",
        "Arn": "arn:aws:iam::{account}:role/{name}",
        "RoleId": "AROAEXAMPLEEXAMPLE123",
    },
    "AWS::KMS::Key": {
        "": _UUID,
        "KeyId": _UUID,
        "Arn": f"arn:aws:kms:{{region}}:{{account}}:key/{_UUID}",
    },
    "AWS::Lambda::Function": {
        "": "{name}",
        "Arn": "arn:aws:lambda:{region}:{account}:function:{name}",
    },
    "AWS::Logs::LogGroup": {
        "": "/aws/lambda/{name}",
        "Arn": "arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{name}:*",
    },
    "AWS::S3::Bucket": {
        "": "open-devops-{lower}-{region}-{account}",
        "Arn": "arn:aws:s3:::open-devops-{lower}-{region}-{account}",
        "DomainName": "open-devops-{lower}-{region}-{account}.s3.amazonaws.com",
        "RegionalDomainName": "open-devops-{lower}-{region}-{account}.s3.{region}.amazonaws.com",
    },
    "AWS::SNS::Topic": {
        "": "arn:aws:sns:{region}:{account}:{name}",
        "TopicArn": "arn:aws:sns:{region}:{account}:{name}",
        "TopicName": "{name}",
    },
    "AWS::SQS::Queue": {
        "": "https://sqs.{region}.amazonaws.com/{account}/{name}",
        "Arn": "arn:aws:sqs:{region}:{account}:{name}",
        "QueueName": "{name}",
    },
    "AWS::SageMaker::Endpoint": {
        "": "arn:aws:sagemaker:{region}:{account}:endpoint/{lower}",
        "EndpointName": "{lower}",
    },
    "AWS::SageMaker::EndpointConfig": {
        "": "arn:aws:sagemaker:{region}:{account}:endpoint-config/{lower}",
        "EndpointConfigName": "{lower}",
    },
    "AWS::SageMaker::Model": {
        "": "arn:aws:sagemaker:{region}:{account}:model/{lower}",
        "ModelName": "{lower}",
    },
    "AWS::ApplicationAutoScaling::ScalableTarget": {
        "": "endpoint/{lower}/variant/AllTraffic|sagemaker:variant:DesiredInstanceCount|sagemaker"
    },
}


@dataclass(frozen=True)
class Place:
    """Where a stack is.

    Attributes:
        region: Name of the region, `us-west-1`.
        stack: Name of the stack.
    """

    region: str
    stack: str

    def physical(self, resource_type: str, logical_id: str, attribute: str) -> str:
        """The value of a resource's `Ref` (attribute "") or `Fn::GetAtt`.

        What is not in the table is an ARN, where the attribute is named so, or a generated name.
        """
        form = VALUES.get(resource_type, {}).get(attribute)
        if form is None:
            form = "arn:aws:{service}:{region}:{account}:{name}" if "Arn" in attribute else "{name}"
        return form.format(
            name=f"{self.stack}-{logical_id}-1A2B3C4D5E6F",
            service=resource_type.split("::")[1].lower(),
            lower=logical_id.lower(),
            region=self.region,
            account=ACCOUNT,
        )
