"""What serves is read from the stack itself."""

from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from local_aws.delivery.stacks import Deployed, read, stack_name


class CloudFormation:
    """Answers for one stack, or with an error."""

    def __init__(self, stack: dict[str, Any] | None = None, code: str = "ValidationError") -> None:
        self.stack = stack
        self.code = code

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        if self.stack is None:
            error = {"Code": self.code, "Message": f"Stack with id {StackName} does not exist"}
            raise ClientError(cast("Any", {"Error": error}), "DescribeStacks")
        return {"Stacks": [self.stack]}


def test_version_and_digest_are_the_tags_of_the_deployment() -> None:
    tags = [{"Key": "version", "Value": "c0ffee"}, {"Key": "digest", "Value": "d1"}]
    client: Any = CloudFormation({"StackStatus": "UPDATE_COMPLETE", "Tags": tags})

    assert read(client, "OpenDevOpsS3") == Deployed("UPDATE_COMPLETE", "c0ffee", "d1")


def test_a_stack_deployed_by_hand_has_neither() -> None:
    client: Any = CloudFormation({"StackStatus": "CREATE_COMPLETE"})

    assert read(client, "OpenDevOpsS3") == Deployed("CREATE_COMPLETE", "", "")


def test_a_missing_stack_is_none() -> None:
    client: Any = CloudFormation()

    assert read(client, "OpenDevOpsS3") is None


def test_another_error_is_not_taken_for_a_missing_stack() -> None:
    client: Any = CloudFormation(code="AccessDenied")

    with pytest.raises(ClientError):
        read(client, "OpenDevOpsS3")


@pytest.mark.parametrize(
    ("line", "name"), [("STACK := OpenDevOpsS3\n", "OpenDevOpsS3"), ("STACK :=\n", "")]
)
def test_the_name_of_the_stack_is_the_components(tmp_path: Path, line: str, name: str) -> None:
    (tmp_path / "component.mk").write_text(line + "ARTIFACTS := package.zip\n")

    assert stack_name(tmp_path) == name
