from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from deploy import stack
from deploy.errors import DeployError

LEFT = [
    {"ResourceType": "AWS::S3::Bucket", "PhysicalResourceId": "pictures", "LogicalResourceId": "B"},
    {
        "ResourceType": "AWS::DynamoDB::Table",
        "PhysicalResourceId": "rows",
        "LogicalResourceId": "T",
    },
    {"ResourceType": "AWS::SQS::Queue", "LogicalResourceId": "Queue"},
]


class CloudFormation:
    """A region with one stack in it, or none; it deletes nothing that is broken."""

    def __init__(self, status: str | None, *, deletes: bool = True) -> None:
        self.status = status
        self._deletes = deletes

    def describe_stacks(self, **_: str) -> Any:
        if self.status is None:
            message = "Stack with id X does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "x")
        return {"Stacks": [{"StackStatus": self.status}]}

    def describe_stack_resources(self, **_: str) -> Any:
        gone = {"ResourceType": "AWS::IAM::Role", "LogicalResourceId": "Role"}
        kept = [each | {"ResourceStatus": "DELETE_FAILED"} for each in LEFT]
        return {"StackResources": [gone | {"ResourceStatus": "DELETE_COMPLETE"}, *kept]}

    def delete_stack(self, **_: str) -> None:
        self.status = None if self._deletes else "DELETE_FAILED"

    def get_waiter(self, _: str) -> "CloudFormation":
        return self

    def wait(self, **_: object) -> None:
        if self.status is not None:
            raise WaiterError("stack_delete_complete", "it failed", {})


@pytest.mark.parametrize("status", [None, "CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_stack_that_works_is_left_alone(status: str | None) -> None:
    client = CloudFormation(status)

    assert stack.clear(client, "Mine", "us-west-1") is None
    assert client.status == status


def test_a_name_without_resources_is_deleted() -> None:
    client = CloudFormation("ROLLBACK_COMPLETE")

    assert "Mine had failed" in str(stack.clear(client, "Mine", "us-west-1"))
    assert client.status is None


def test_a_name_that_cannot_be_deleted_is_reported() -> None:
    client = CloudFormation("ROLLBACK_COMPLETE", deletes=False)

    with pytest.raises(DeployError, match="could not be deleted"):
        stack.clear(client, "Mine", "us-west-1")


@pytest.mark.parametrize("status", ["ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"])
def test_what_a_pipeline_may_not_delete_is_left_to_an_administrator(status: str) -> None:
    client = CloudFormation(status)

    with pytest.raises(DeployError) as refused:
        stack.clear(client, "Mine", "us-west-1")

    printed = str(refused.value).splitlines()
    assert "pictures, rows, Queue is left" in printed[0]
    assert printed[1:5] == [
        "  aws cloudformation delete-stack --region us-west-1 --stack-name Mine",
        "  aws s3api delete-bucket --region us-west-1 --bucket pictures",
        "  aws dynamodb update-table --region us-west-1 --table-name rows "
        "--no-deletion-protection-enabled",
        "  aws dynamodb delete-table --region us-west-1 --table-name rows",
    ]
    assert client.status == status
