from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from system_tests.errors import NotReadyError
from system_tests.stacks import Stack, find_stacks

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


class FakeCloudFormation:
    """Knows some stacks by their status; anything else does not exist."""

    def __init__(self, broken: Exception | None = None, **statuses: str) -> None:
        self._broken = broken
        self._statuses = statuses

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 # boto3's name
        if self._broken:
            raise self._broken
        if StackName not in self._statuses:
            raise error("ValidationError", f"Stack with id {StackName} does not exist")
        return {
            "Stacks": [
                {
                    "StackName": StackName,
                    "StackStatus": self._statuses[StackName],
                    "Outputs": [{"OutputKey": "TableName", "OutputValue": "ImageLabels"}],
                    "Parameters": [{"ParameterKey": "AuthMode", "ParameterValue": "IAM"}],
                }
            ]
        }


def error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


def find(fake: FakeCloudFormation, *names: str) -> dict[str, Stack]:
    return find_stacks(cast("CloudFormationClient", fake), names, "us-west-1")


def test_reads_outputs_and_parameters() -> None:
    stack = find(FakeCloudFormation(Mine="CREATE_COMPLETE"), "Mine")["Mine"]
    assert stack.output("TableName") == "ImageLabels"
    assert stack.parameter("AuthMode") == "IAM"


def test_names_every_stack_that_is_missing_and_says_what_to_do() -> None:
    with pytest.raises(NotReadyError) as refusal:
        find(FakeCloudFormation(Mine="CREATE_COMPLETE"), "Mine", "Yours", "Theirs")
    message = str(refusal.value)
    assert message.startswith("Yours does not exist in us-west-1. Theirs does not exist in us-west")
    assert "make deploy" in message
    assert "SYSTEM_TESTS=off" in message
    assert "Mine" not in message


@pytest.mark.parametrize(
    "status", ["UPDATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]
)
def test_takes_a_stack_that_serves(status: str) -> None:
    assert find(FakeCloudFormation(Mine=status), "Mine")


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "CREATE_IN_PROGRESS", "DELETE_FAILED"])
def test_refuses_a_stack_that_never_has_served(status: str) -> None:
    with pytest.raises(NotReadyError, match=f"Mine is {status} in us-west-1"):
        find(FakeCloudFormation(Mine=status), "Mine")


def test_does_without_a_stack_that_is_optional() -> None:
    fake = FakeCloudFormation(Mine="CREATE_COMPLETE", Broken="ROLLBACK_COMPLETE")
    client = cast("CloudFormationClient", fake)

    found = find_stacks(client, ["Mine"], "us-west-1", optional=["Absent", "Broken"])

    assert set(found) == {"Mine"}
    assert set(find_stacks(client, [], "us-west-1", optional=["Mine"])) == {"Mine"}


@pytest.mark.parametrize(
    "broken",
    [
        error("AccessDenied", "not authorized to perform: cloudformation:DescribeStacks"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
    ],
)
def test_says_why_aws_cannot_be_asked(broken: Exception) -> None:
    with pytest.raises(NotReadyError, match=r"not authorized|127\.0\.0\.1:1"):
        find(FakeCloudFormation(broken), "Mine")


def test_says_that_the_stack_is_another() -> None:
    with pytest.raises(NotReadyError, match="Mine has no output ApiName"):
        Stack("Mine", {}, {}).output("ApiName")
    with pytest.raises(NotReadyError, match="Mine has no parameter ModelName"):
        Stack("Mine", {}, {}).parameter("ModelName")
