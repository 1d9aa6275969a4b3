"""A stack's end and its reasons, with a CloudFormation that says what a test wants."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from local_aws.deploying import stacks
from local_aws.errors import DeploymentError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

CREATED, UPDATED = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


class FakeCloudFormation:
    """A stack that goes through these states, one a question; and what there was of its name."""

    def __init__(self, *states: str, refusal: str = "") -> None:
        self.states = list(states)
        self.refusal = refusal
        self.deleted: list[str] = []
        self.summaries = [{"StackName": "Stack", "StackId": "arn:1", "CreationTime": UPDATED}]
        self.events = {"arn:1": [event("0", "Stack", "CREATE_COMPLETE")]}
        self.failing: list[dict[str, str]] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 # boto3's
        if not self.states:
            raise error("DescribeStacks", f"Stack with id {StackName} does not exist")
        state = self.states.pop(0)
        return {"Stacks": [{"StackId": "arn:1", "StackName": "Stack", "StackStatus": state}]}

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 # boto3's
        if self.refusal:
            raise error("DeleteStack", self.refusal)
        self.deleted.append(StackName)
        self.events[StackName] = self.failing + self.events[StackName]

    def get_paginator(self, operation: str) -> "FakePaginator":
        return FakePaginator(self, operation)


class FakePaginator:
    def __init__(self, client: FakeCloudFormation, operation: str) -> None:
        self.client = client
        self.operation = operation

    def paginate(self, StackName: str = "") -> list[dict[str, Any]]:  # noqa: N803 # boto3's
        if self.operation == "list_stacks":
            return [{"StackSummaries": [each]} for each in self.client.summaries]
        # Two pages, as after a long life.
        first, *rest = self.client.events[StackName]
        return [{"StackEvents": [first]}, {"StackEvents": rest}]


def event(
    identity: str, name: str, status: str, reason: str = "", kind: str = "AWS::X"
) -> dict[str, str]:
    return {
        "EventId": identity,
        "LogicalResourceId": name,
        "ResourceType": kind,
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


def error(operation: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": message}}, operation)


def as_client(fake: FakeCloudFormation) -> "CloudFormationClient":
    return cast("CloudFormationClient", fake)


def test_a_stack_is_waited_for_by_its_id() -> None:
    """Its name would find nothing, or the next one of that name."""
    fake = FakeCloudFormation("CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE")

    stacks.delete(as_client(fake), "Stack", 0)

    assert fake.deleted == ["arn:1"]
    assert fake.states == []


def test_there_need_not_be_a_stack() -> None:
    stacks.delete(as_client(FakeCloudFormation()), "Stack", 0)


def test_what_could_not_be_deleted_is_named_with_its_reason() -> None:
    fake = FakeCloudFormation("CREATE_COMPLETE", "DELETE_FAILED")
    fake.failing = [
        event("2", "Stack", "DELETE_FAILED", "The following resource(s) failed to delete: [B]"),
        event("1", "B", "DELETE_FAILED", "The bucket is not empty", "AWS::S3::Bucket"),
        event("3", "Queue", "DELETE_COMPLETE", ""),
    ]

    with pytest.raises(DeploymentError) as failed:
        stacks.delete(as_client(fake), "Stack", 0)

    reason = "B (AWS::S3::Bucket): The bucket is not empty"
    assert str(failed.value) == f"Stack could not be deleted: {reason}"


def test_a_refusal_is_reported_in_its_words() -> None:
    fake = FakeCloudFormation("CREATE_COMPLETE", refusal="Export X is imported by Y")

    with pytest.raises(DeploymentError, match="Stack could not be deleted: Export X is imported"):
        stacks.delete(as_client(fake), "Stack", 0)


def test_another_error_is_not_taken_for_no_stack() -> None:
    class Forbidding(FakeCloudFormation):
        def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: ARG002, N803 # boto3's
            raise error("DescribeStacks", "User is not authorized")

    with pytest.raises(ClientError, match="not authorized"):
        stacks.find(as_client(Forbidding()), "Stack")


def test_the_resource_that_failed_is_named_and_not_what_follows_from_it() -> None:
    fake = FakeCloudFormation()
    fake.events["arn:1"] = [
        event("6", "Stack", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed: [B]"),
        event("5", "C", "CREATE_FAILED", "Resource creation cancelled"),
        event("4", "B", "CREATE_FAILED", "it is taken"),
        event("3", "B", "CREATE_FAILED", "it is taken"),
        event("2", "A", "CREATE_COMPLETE"),
        event("1", "A", "UPDATE_FAILED"),
    ]

    assert stacks.causes(as_client(fake), "Stack") == ["B (AWS::X): it is taken"]


def test_a_failed_first_creation_has_its_cause_after_the_stack_was_deleted() -> None:
    """Its name finds nothing then."""
    fake = FakeCloudFormation()
    fake.summaries.append({"StackName": "Stack", "StackId": "arn:0", "CreationTime": CREATED})
    fake.events["arn:1"] = [
        event("3", "Stack", "DELETE_COMPLETE"),
        event("2", "B", "CREATE_FAILED", "it is taken"),
    ]

    assert stacks.causes(as_client(fake), "Stack") == ["B (AWS::X): it is taken"]


def test_an_earlier_failure_is_not_given_as_the_cause_of_this_one() -> None:
    fake = FakeCloudFormation()
    fake.events["arn:1"] = [event("1", "B", "UPDATE_FAILED", "last week's reason")]
    before = stacks.last_event(as_client(fake), "Stack")

    assert stacks.causes(as_client(fake), "Stack", before) == []


def test_a_name_that_no_stack_ever_had_has_no_events() -> None:
    assert stacks.last_event(as_client(FakeCloudFormation()), "Other") == ""
    assert stacks.causes(as_client(FakeCloudFormation()), "Other") == []
