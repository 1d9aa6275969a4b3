"""Reviewing and deploying, on a real MiniStack."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import urllib3

from local_aws.deploying.aws import Aws
from local_aws.errors import DeploymentError, UsageError
from local_aws.operations import review
from local_aws.using import api
from tests.operations.conftest import Printed, Project

SECOND_QUEUE = "Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}\n"
# Nobody gives the signal that it waits for, for a second.
FAILING_LATE = """Resources:
  Signal: {Type: AWS::CloudFormation::WaitConditionHandle}
  Broken:
    Type: AWS::CloudFormation::WaitCondition
    Properties: {Handle: !Ref Signal, Timeout: "1", Count: 1}
"""
# Its name is taken, which is seen at once.
FAILING = """Resources:
  Broken:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub "test-code-${AWS::Region}"}
"""


def change_sets(project: Project, stack: str) -> list[str]:
    """The change sets that nobody has executed or deleted."""
    client = project.target.cloudformation(project.target.components["storage"])
    listed = client.list_change_sets(StackName=stack)["Summaries"]
    return [each["ChangeSetId"] for each in listed if each["ExecutionStatus"] == "AVAILABLE"]


def test_nothing_to_change_is_reported_and_succeeds(project: Project, printed: Printed) -> None:
    assert review.changes(project.target, printed, []) == 0
    deployed = review.deploy(project.target, printed, [], allow_replacement=False)

    assert deployed == []
    assert "storage (TestStorage): nothing to change" in printed.text
    assert "echo (TestEcho): nothing to change" in printed.text


def test_changes_are_shown_and_nothing_is_changed(project: Project, printed: Printed) -> None:
    project.edit("storage", "Resources:\n", SECOND_QUEUE)
    before = change_sets(project, "TestStorage")

    review.changes(project.target, printed, ["storage"])

    assert "storage (TestStorage): 1 added" in printed.text
    assert "+ Queue (AWS::SQS::Queue) is added" in printed.text
    assert project.stacks()["TestStorage"] == "CREATE_COMPLETE"
    assert change_sets(project, "TestStorage") == before


def test_what_is_shown_is_what_is_executed(project: Project) -> None:
    """Even where somebody changes the template while it is shown."""

    class Changing(Printed):
        def print(self, *objects: object, **options: Any) -> None:
            if "Queue" in str(objects[0]):
                project.edit(
                    "storage", "  Queue: {Type: AWS::SQS::Queue", "  Later: {Type: AWS::SNS::Topic"
                )
            super().print(*objects, **options)

    project.edit("storage", "Resources:\n", "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n")

    deployed = review.deploy(project.target, Changing(), ["storage"], allow_replacement=False)

    assert deployed == ["storage"]
    assert "Later" in project.template("storage").read_text()
    assert resources(project, "TestStorage") == {"Bucket", "Queue", "Table"}
    assert change_sets(project, "TestStorage") == []


def resources(project: Project, stack: str) -> set[str]:
    client = project.target.cloudformation(project.target.components["storage"])
    found = client.describe_stack_resources(StackName=stack)["StackResources"]
    return {each["LogicalResourceId"] for each in found}


def test_a_new_stack_is_shown_and_leaves_no_empty_one_behind(
    project: Project, printed: Printed
) -> None:
    project.cloud.session().client("cloudformation", endpoint_url=project.cloud.url).delete_stack(
        StackName="TestEcho"
    )
    wait_until_gone(project, "TestEcho")

    review.changes(project.target, printed, ["echo"])

    assert "echo (TestEcho): is created" in printed.text
    assert "+ Function (AWS::Lambda::Function) is added" in printed.text
    assert "TestEcho" not in project.stacks()


def test_replacing_the_table_is_refused_before_anything_happens(
    project: Project, printed: Printed
) -> None:
    project.edit("storage", "TableName: TestRows", "TableName: OtherRows")
    project.edit("echo", '"statusCode": status', '"statusCode": status + 0', file="src/echo.py")

    with pytest.raises(review.RefusedError, match=r"Table .* is replaced .* because of TableName"):
        review.deploy(project.target, printed, [], allow_replacement=False)

    assert "!!! Table (AWS::DynamoDB::Table)" in printed.text
    assert project.stacks() == {"TestStorage": "CREATE_COMPLETE", "TestEcho": "CREATE_COMPLETE"}


def test_deleting_a_bucket_is_refused_before_anything_happens(
    project: Project, printed: Printed
) -> None:
    project.edit("storage", "  Bucket:\n", "  Successor:\n")
    project.edit("storage", "test-code-", "other-code-")
    project.edit("storage", "!Ref Bucket", "!Ref Successor")

    with pytest.raises(review.RefusedError, match=r"Bucket \(AWS::S3::Bucket\) is deleted"):
        review.deploy(project.target, printed, ["storage"], allow_replacement=False)

    assert project.stacks()["TestStorage"] == "CREATE_COMPLETE"


def test_a_replacement_that_is_meant_is_carried_out(project: Project, printed: Printed) -> None:
    project.edit("storage", "Resources:\n", SECOND_QUEUE)
    review.deploy(project.target, printed, ["storage"], allow_replacement=False)
    project.edit("storage", SECOND_QUEUE, "Resources:\n")

    review.deploy(project.target, printed, ["storage"], allow_replacement=True)

    assert resources(project, "TestStorage") == {"Bucket", "Table"}


def test_a_component_whose_needs_are_missing_is_refused(project: Project, printed: Printed) -> None:
    client = project.target.cloudformation(project.target.components["storage"])
    for stack in ("TestEcho", "TestStorage"):
        client.delete_stack(StackName=stack)
        wait_until_gone(project, stack)

    with pytest.raises(DeploymentError, match="make deploy COMPONENT=storage"):
        review.deploy(project.target, printed, ["echo"], allow_replacement=False)
    review.changes(project.target, printed, ["echo"])

    assert "echo (TestEcho): unknown until TestStorage is deployed" in printed.text


def test_an_unknown_component_is_named(project: Project, printed: Printed) -> None:
    with pytest.raises(UsageError, match="There is no component 'labeler'"):
        review.changes(project.target, printed, ["labeler"])


def test_a_failed_first_creation_can_be_repeated(project: Project, printed: Printed) -> None:
    client = project.target.cloudformation(project.target.components["storage"])
    for stack in ("TestEcho", "TestStorage"):
        client.delete_stack(StackName=stack)
        wait_until_gone(project, stack)
    retained = "  Bucket:\n    DeletionPolicy: RetainExceptOnCreate\n"
    project.edit("storage", "  Bucket:\n", retained)
    project.edit(
        "storage",
        "Resources:\n",
        FAILING.replace("  Broken:\n", "  Broken:\n    DependsOn: Bucket\n"),
    )

    with pytest.raises(DeploymentError, match=r"Broken \(AWS::S3::Bucket\)"):
        review.deploy(project.target, printed, ["storage"], allow_replacement=False)
    after = project.stacks()
    text = project.template("storage").read_text()
    project.template("storage").write_text(
        text[: text.index("Resources:")] + "Resources:\n" + text[text.index(retained) :]
    )
    again = review.deploy(
        Project(project.cloud).target, printed, ["storage"], allow_replacement=False
    )

    assert "TestStorage" not in after
    assert again == ["storage"]


def test_what_a_killed_deployment_left_is_cleared_first(project: Project, printed: Printed) -> None:
    client = project.target.cloudformation(project.target.components["storage"])
    client.delete_stack(StackName="TestEcho")
    wait_until_gone(project, "TestEcho")
    # Nobody was there to delete it.
    taken = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "test-code-us-west-1"}}
    client.create_stack(
        StackName="TestEcho", TemplateBody=json.dumps({"Resources": {"Taken": taken}})
    )
    wait_for(lambda: project.stacks()["TestEcho"] == "ROLLBACK_COMPLETE")

    deployed = review.deploy(project.target, printed, [], allow_replacement=False)

    assert deployed == ["echo"]
    assert "TestEcho is ROLLBACK_COMPLETE: deleting it first." in printed.text
    assert project.stacks()["TestEcho"] == "CREATE_COMPLETE"


def test_aws_is_reviewed_and_deployed_to_alike(
    project: Project, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that an AWS SDK reads leads to MiniStack here."""
    for name, value in project.cloud.environment().items():
        monkeypatch.setenv(name, value)
    project.edit("storage", "Resources:\n", SECOND_QUEUE)
    target = Aws(project.cloud.settings, project.cloud.progress)
    target.poll = 0.05

    deployed = review.deploy(target, printed, ["storage"], allow_replacement=False)
    again = review.deploy(target, printed, ["storage"], allow_replacement=False)
    project.edit("storage", "TableName: TestRows", "TableName: OtherRows")
    with pytest.raises(review.RefusedError, match=r"Table .* is replaced"):
        review.deploy(
            Aws(project.cloud.settings, project.cloud.progress),
            printed,
            ["storage"],
            allow_replacement=False,
        )

    assert deployed == ["storage"]
    assert again == []
    assert "+ Queue (AWS::SQS::Queue) is added" in printed.text
    assert project.stacks()["TestStorage"] == "UPDATE_COMPLETE"


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_failed_update_rolls_back_while_the_old_version_answers(
    project: Project, printed: Printed, order: str
) -> None:
    """The failing resource comes before the function is updated, or after it.

    In the first case the new version never answers; in the second it may, until it is sent back.
    """
    route = api.find("GetImageLabelAPI", project.cloud.outputs(), project.cloud.url, "us-west-1")
    rows = (
        project.cloud.session()
        .resource("dynamodb", endpoint_url=project.cloud.url)
        .Table("TestRows")
    )
    rows.put_item(Item={"Id": "1", "Label": "old"})
    # The first request starts the function.
    assert label(route) == "old"
    project.edit("echo", '"Name": item["Label"]', '"Name": "new"', file="src/echo.py")
    if order == "before":
        project.edit("echo", "Resources:\n", FAILING_LATE)
        project.edit(
            "echo",
            "    Type: AWS::Serverless::Function\n",
            "    Type: AWS::Serverless::Function\n    DependsOn: Broken\n",
        )
    else:
        project.edit(
            "echo",
            "Resources:\n",
            FAILING_LATE.replace("  Broken:\n", "  Broken:\n    DependsOn: Function\n"),
        )

    with Asking(route) as asking, pytest.raises(DeploymentError, match="Broken"):
        review.deploy(project.target, printed, ["echo"], allow_replacement=False)

    assert project.stacks()["TestEcho"] == "UPDATE_ROLLBACK_COMPLETE"
    # MiniStack ends a worker that is answering when it gets new code.
    ended = ("Runtime.HandlerError", "Worker process exited")
    cut_off = [error for error in asking.failures if any(each in str(error) for each in ended)]
    assert asking.failures == ([] if order == "before" else cut_off)
    assert asking.labels == {"old"} if order == "before" else asking.labels <= {"old", "new"}
    assert label(route) == "old"


class Asking:
    """Asks a route again and again."""

    def __init__(self, route: api.Route) -> None:
        self.labels: set[str] = set()
        self.failures: list[Exception] = []
        self._route = route
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Asking":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()
        assert self.labels or self.failures

    def _ask(self) -> None:
        while not self._enough.wait(0.02):  # deadline: none, it asks again
            try:
                self.labels.add(label(self._route))
            except Exception as error:  # noqa: BLE001 # whatever it is, it is a failure
                self.failures.append(error)


def label(route: api.Route) -> str:
    headers = {"x-api-key": str(route.key)}
    with urllib3.PoolManager(retries=False, timeout=60) as pool:
        answer = pool.request("GET", f"{route.url}?imageId=1", headers=headers)
    assert answer.status == 200, answer.data
    return str(answer.json()["Labels"][0]["Name"])


def wait_until_gone(project: Project, stack: str) -> None:
    wait_for(lambda: stack not in project.stacks())


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)
