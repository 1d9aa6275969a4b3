"""Waiting for a stack to be gone, with a CloudFormation that says what a test wants."""

from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from local_aws.errors import DeploymentError
from local_aws.operations import stacks

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


class FakeCloudFormation:
    """A stack that goes through these states, one a question."""

    def __init__(self, *states: str, refusal: str = "") -> None:
        self.states = list(states)
        self.refusal = refusal
        self.deleted: list[str] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 # boto3's
        if not self.states:
            raise error("DescribeStacks", f"Stack with id {StackName} does not exist")
        state = self.states.pop(0)
        return {"Stacks": [{"StackId": "arn:1", "StackName": "Stack", "StackStatus": state}]}

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 # boto3's
        if self.refusal:
            raise error("DeleteStack", self.refusal)
        self.deleted.append(StackName)

    def describe_stack_events(self, StackName: str) -> dict[str, Any]:  # noqa: ARG002, N803 # boto3's
        return {
            "StackEvents": [
                event("Stack", "AWS::CloudFormation::Stack", "DELETE_FAILED", "of Bucket"),
                event("Bucket", "AWS::S3::Bucket", "DELETE_FAILED", "The bucket is not empty"),
                event("Queue", "AWS::SQS::Queue", "DELETE_COMPLETE", ""),
            ]
        }


def event(name: str, kind: str, status: str, reason: str) -> dict[str, str]:
    return {
        "LogicalResourceId": name,
        "ResourceType": kind,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


def error(operation: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": message}}, operation)


def client(*states: str, refusal: str = "") -> "CloudFormationClient":
    return cast("CloudFormationClient", FakeCloudFormation(*states, refusal=refusal))


def test_a_stack_is_waited_for_by_its_id() -> None:
    """Its name would find nothing, or the next one of that name."""
    fake = FakeCloudFormation("CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE")

    stacks.delete(cast("CloudFormationClient", fake), "Stack", 0)

    assert fake.deleted == ["arn:1"]
    assert fake.states == []


def test_there_need_not_be_a_stack() -> None:
    stacks.delete(client(), "Stack", 0)


def test_what_could_not_be_deleted_is_named_with_its_reason() -> None:
    with pytest.raises(DeploymentError) as failed:
        stacks.delete(client("CREATE_COMPLETE", "DELETE_FAILED"), "Stack", 0)

    assert str(failed.value) == "Stack could not be deleted: Bucket: The bucket is not empty"


def test_a_refusal_is_told_in_its_words() -> None:
    refused = client("CREATE_COMPLETE", refusal="Export X is imported by Y")

    with pytest.raises(DeploymentError, match="Stack could not be deleted: Export X is imported"):
        stacks.delete(refused, "Stack", 0)


def test_another_error_is_not_taken_for_no_stack() -> None:
    class Forbidding(FakeCloudFormation):
        def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: ARG002, N803 # boto3's
            raise error("DescribeStacks", "User is not authorized")

    with pytest.raises(ClientError, match="not authorized"):
        stacks.find(cast("CloudFormationClient", Forbidding()), "Stack")
