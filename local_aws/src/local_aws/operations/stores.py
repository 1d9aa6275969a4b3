"""Buckets and tables: what keeps data, and how it is thrown away."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_aws.errors import CloudError, DeploymentError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from local_aws.deploying.target import Target
    from local_aws.project.expansion import Stack

NAMES = {"AWS::S3::Bucket": "BucketName", "AWS::DynamoDB::Table": "TableName"}
BUCKET = "AWS::S3::Bucket"
ABSENT = ("404", "NoSuchBucket", "ResourceNotFoundException")


@dataclass(frozen=True)
class Store:
    """A bucket or table of a component.

    Attributes:
        kind: Its type.
        name: Its name.
        is_kept: Whether it outlives its stack.
    """

    kind: str
    name: str
    is_kept: bool

    def __str__(self) -> str:
        return f"{'bucket' if self.kind == BUCKET else 'table'} {self.name}"


def of(stack: "Stack") -> list[Store]:
    """Find the buckets and tables that a stack's template has.

    They are found by name and not through the stack, so that what a stack has left behind is found
    when the stack is gone.

    Args:
        stack: The template with all its parameters, and the region and the account.

    Raises:
        CloudError: If a name cannot be worked out.
    """
    found = []
    for logical_id, resource in stack.template.get("Resources", {}).items():
        kind = resource.get("Type")
        if kind in NAMES:
            named: Any = resource.get("Properties", {}).get(NAMES[kind])
            name = stack.text(named)
            if name is None:
                raise CloudError(
                    f"{stack.name}/template.yml gives {logical_id} no {NAMES[kind]} that can "
                    "be worked out, so it would be left behind."
                )
            kept = str(resource.get("DeletionPolicy", "Delete")).startswith("Retain")
            found.append(Store(kind, name, kept))
    return found


def exists(target: "Target", store: Store) -> bool:
    """Tell whether there is such a bucket or table, and it is this account's."""
    try:
        if store.kind == BUCKET:
            target.s3().head_bucket(Bucket=store.name, ExpectedBucketOwner=target.account())
        else:
            target.dynamodb().describe_table(TableName=store.name)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return False
        raise
    return True


def is_protected(target: "Target", store: Store) -> bool:
    """Tell whether DynamoDB refuses to delete the table."""
    if store.kind == BUCKET:
        return False
    table = target.dynamodb().describe_table(TableName=store.name)["Table"]
    return table.get("DeletionProtectionEnabled", False)


def tags(target: "Target", store: Store) -> dict[str, str]:
    """Return the tags of a bucket or table."""
    if store.kind == BUCKET:
        try:
            return {
                tag["Key"]: tag["Value"]
                for tag in target.s3().get_bucket_tagging(Bucket=store.name)["TagSet"]
            }
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchTagSet":
                return {}
            raise
    table = target.dynamodb().describe_table(TableName=store.name)["Table"]
    found = target.dynamodb().list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def empty(s3: "S3Client", bucket: str) -> int:
    """Delete every version and delete marker of a bucket's objects.

    Args:
        s3: Client of S3.
        bucket: The bucket's name.

    Returns:
        How many there were.

    Raises:
        DeploymentError: If S3 does not delete one.
    """
    gone = 0
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if not versions:
            continue
        answer = s3.delete_objects(
            Bucket=bucket,
            Delete={
                "Objects": [
                    {"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions
                ],
                "Quiet": True,
            },
        )
        for error in answer.get("Errors", []):
            raise DeploymentError(
                f"{error.get('Key')} in {bucket} could not be deleted: {error.get('Message')}"
            )
        gone += len(versions)
    return gone


def delete(target: "Target", store: Store) -> None:
    """Delete a bucket, which must be empty, or a table with its rows, and wait for it."""
    wait = {"Delay": max(1, round(target.poll)), "MaxAttempts": 120}
    if store.kind == BUCKET:
        target.s3().delete_bucket(Bucket=store.name)
        target.s3().get_waiter("bucket_not_exists").wait(Bucket=store.name, WaiterConfig=wait)  # type: ignore[arg-type] # a TypedDict of ints
    else:
        target.dynamodb().delete_table(TableName=store.name)
        target.dynamodb().get_waiter("table_not_exists").wait(
            TableName=store.name,
            WaiterConfig=wait,  # type: ignore[arg-type] # a TypedDict of ints
        )
