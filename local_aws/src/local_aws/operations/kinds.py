"""Types of resources that hold what nobody can deploy again."""

# By type, what is lost with one.
HOLDS = {
    "AWS::DynamoDB::Table": "its rows",
    "AWS::Logs::LogGroup": "its log events",
    "AWS::S3::Bucket": "its objects",
    "AWS::SQS::Queue": "its messages",
}
# The properties that may decide whether one is replaced. An emulator says "conditionally" of others
# as well. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
DECIDING = {
    "AWS::DynamoDB::Table": ("ImportSourceSpecification", "KeySchema", "TableName"),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::S3::Bucket": ("BucketName", "BucketNamePrefix", "BucketNamespace"),
    "AWS::SQS::Queue": ("FifoQueue", "QueueName"),
}


def decides(kind: str, name: str, recreation: str) -> bool:
    """Tell whether a different property means, or may mean, another resource.

    Args:
        kind: The resource's type.
        name: The property.
        recreation: RequiresRecreation of DescribeChangeSet: Never, Conditionally or Always.
    """
    if recreation == "Conditionally" and kind in DECIDING:
        return name in DECIDING[kind]
    return recreation != "Never"
