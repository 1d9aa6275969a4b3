"""IAM: what is enforced, and what is not although it is written down."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.gaps.conftest import World, unique


def assumed(world: World, *statements: dict[str, Any]) -> Any:
    """Return a session of a role that has these permissions alone."""
    role = world.role(*statements)
    granted = world.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.Session(
        granted["AccessKeyId"],
        granted["SecretAccessKey"],
        granted["SessionToken"],
        region_name="us-west-1",
    )


def test_actions_and_resources_are_enforced(world: World) -> None:
    """No gap: this is what the least privilege of the functions is proved by."""
    statement = {
        "Effect": "Allow",
        "Action": "dynamodb:GetItem",
        "Resource": "arn:aws:dynamodb:*:*:table/Other",
    }
    dynamodb = assumed(world, statement).client("dynamodb", endpoint_url=world.url)

    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.get_item(TableName="TestRows", Key={"Id": {"S": "x"}})


def test_conditions_on_attributes_are_not_enforced(world: World) -> None:
    """So `dynamodb:Attributes` is asserted in the components' own tests."""
    statement = {
        "Effect": "Allow",
        "Action": "dynamodb:PutItem",
        "Resource": "*",
        "Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["Id"]}},
    }
    dynamodb = assumed(world, statement).client("dynamodb", endpoint_url=world.url)

    dynamodb.put_item(TableName="TestRows", Item={"Id": {"S": "x"}, "Secret": {"S": "y"}})


def test_tags_may_be_put_with_an_object_without_permission(world: World) -> None:
    """So `s3:PutObjectTagging` is asserted in the components' own tests."""
    bucket = unique("bucket")
    world.client("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-1"}
    )
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    s3 = assumed(world, statement).client("s3", endpoint_url=world.url)

    s3.put_object(Bucket=bucket, Key="x", Body=b"", Tagging="owner=me")
