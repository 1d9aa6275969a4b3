"""Reviewing and deploying, on a real MiniStack."""

import json
import threading
import time
from collections.abc import Callable

import pytest

from local_aws import api
from local_aws.errors import DeploymentError, UsageError
from local_aws.operations import review
from local_aws.operations.aws import Aws
from tests.operations.conftest import House, Told

pytestmark = pytest.mark.timeout(180)
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


def change_sets(house: House, stack: str) -> list[str]:
    client = house.place.cloudformation(house.place.components["storage"])
    return [each["ChangeSetId"] for each in client.list_change_sets(StackName=stack)["Summaries"]]


def test_nothing_to_change_is_said_and_succeeds(house: House, told: Told) -> None:
    assert review.changes(house.place, told, []) == 0
    deployed = review.deploy(house.place, told, [], allow_replacement=False)

    assert deployed == []
    assert "storage (TestStorage): nothing to change" in told.text
    assert "echo (TestEcho): nothing to change" in told.text


def test_changes_are_shown_and_nothing_is_changed(house: House, told: Told) -> None:
    house.edit("storage", "Resources:\n", SECOND_QUEUE)
    before = change_sets(house, "TestStorage")

    review.changes(house.place, told, ["storage"])

    assert "storage (TestStorage): 1 added" in told.text
    assert "+ Queue (AWS::SQS::Queue) is added" in told.text
    assert house.stacks()["TestStorage"] == "CREATE_COMPLETE"
    assert change_sets(house, "TestStorage") == before


def test_a_new_stack_is_shown_and_leaves_no_empty_one_behind(house: House, told: Told) -> None:
    house.cloud.session().client("cloudformation", endpoint_url=house.cloud.url).delete_stack(
        StackName="TestEcho"
    )
    wait_until_gone(house, "TestEcho")

    review.changes(house.place, told, ["echo"])

    assert "echo (TestEcho): is created" in told.text
    assert "+ Function (AWS::Lambda::Function) is added" in told.text
    assert "TestEcho" not in house.stacks()


def test_replacing_the_table_is_refused_before_anything_happens(house: House, told: Told) -> None:
    house.edit("storage", "TableName: TestRows", "TableName: OtherRows")
    house.edit("echo", '"statusCode": status', '"statusCode": status + 0', file="src/echo.py")

    with pytest.raises(review.RefusedError, match=r"Table .* is replaced .* because of TableName"):
        review.deploy(house.place, told, [], allow_replacement=False)

    assert "!!! Table (AWS::DynamoDB::Table)" in told.text
    assert house.stacks() == {"TestStorage": "CREATE_COMPLETE", "TestEcho": "CREATE_COMPLETE"}


def test_deleting_a_bucket_is_refused_before_anything_happens(house: House, told: Told) -> None:
    house.edit("storage", "  Bucket:\n", "  Successor:\n")
    house.edit("storage", "test-code-", "other-code-")
    house.edit("storage", "!Ref Bucket", "!Ref Successor")

    with pytest.raises(review.RefusedError, match=r"Bucket \(AWS::S3::Bucket\) is deleted"):
        review.deploy(house.place, told, ["storage"], allow_replacement=False)

    assert house.stacks()["TestStorage"] == "CREATE_COMPLETE"


def test_a_replacement_that_is_meant_is_carried_out(house: House, told: Told) -> None:
    house.edit("storage", "Resources:\n", SECOND_QUEUE)
    review.deploy(house.place, told, ["storage"], allow_replacement=False)
    house.edit("storage", SECOND_QUEUE, "Resources:\n")

    review.deploy(house.place, told, ["storage"], allow_replacement=True)

    client = house.place.cloudformation(house.place.components["storage"])
    names = {
        each["LogicalResourceId"]
        for each in client.describe_stack_resources(StackName="TestStorage")["StackResources"]
    }
    assert names == {"Bucket", "Table"}


def test_a_component_whose_needs_are_missing_is_refused(house: House, told: Told) -> None:
    client = house.place.cloudformation(house.place.components["storage"])
    for stack in ("TestEcho", "TestStorage"):
        client.delete_stack(StackName=stack)
        wait_until_gone(house, stack)

    with pytest.raises(DeploymentError, match="make deploy COMPONENT=storage"):
        review.deploy(house.place, told, ["echo"], allow_replacement=False)
    review.changes(house.place, told, ["echo"])

    assert "echo (TestEcho): cannot be told before TestStorage" in told.text


def test_an_unknown_component_is_named(house: House, told: Told) -> None:
    with pytest.raises(UsageError, match="There is no component 'labeler'"):
        review.changes(house.place, told, ["labeler"])


def test_a_failed_first_creation_can_be_repeated(house: House, told: Told) -> None:
    client = house.place.cloudformation(house.place.components["storage"])
    for stack in ("TestEcho", "TestStorage"):
        client.delete_stack(StackName=stack)
        wait_until_gone(house, stack)
    retained = "  Bucket:\n    DeletionPolicy: RetainExceptOnCreate\n"
    house.edit("storage", "  Bucket:\n", retained)
    house.edit(
        "storage",
        "Resources:\n",
        FAILING.replace("  Broken:\n", "  Broken:\n    DependsOn: Bucket\n"),
    )

    with pytest.raises(DeploymentError, match=r"Broken \(AWS::S3::Bucket\)"):
        review.deploy(house.place, told, ["storage"], allow_replacement=False)
    after = house.stacks()
    text = house.template("storage").read_text()
    house.template("storage").write_text(
        text[: text.index("Resources:")] + "Resources:\n" + text[text.index(retained) :]
    )
    again = review.deploy(House(house.cloud).place, told, ["storage"], allow_replacement=False)

    assert "TestStorage" not in after
    assert again == ["storage"]


def test_what_a_killed_deployment_left_is_cleared_first(house: House, told: Told) -> None:
    client = house.place.cloudformation(house.place.components["storage"])
    client.delete_stack(StackName="TestEcho")
    wait_until_gone(house, "TestEcho")
    # Nobody was there to delete it.
    taken = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "test-code-us-west-1"}}
    client.create_stack(
        StackName="TestEcho", TemplateBody=json.dumps({"Resources": {"Taken": taken}})
    )
    wait_for(lambda: house.stacks()["TestEcho"] == "ROLLBACK_COMPLETE")

    deployed = review.deploy(house.place, told, [], allow_replacement=False)

    assert deployed == ["echo"]
    assert "TestEcho is ROLLBACK_COMPLETE: deleting it first." in told.text
    assert house.stacks()["TestEcho"] == "CREATE_COMPLETE"


def test_aws_is_reviewed_and_deployed_to_alike(
    house: House, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that an AWS SDK reads leads to MiniStack here."""
    for name, value in house.cloud.environment().items():
        monkeypatch.setenv(name, value)
    house.edit("storage", "Resources:\n", SECOND_QUEUE)
    place = Aws(house.cloud.settings, house.cloud.progress)
    place.poll = 0.05

    deployed = review.deploy(place, told, ["storage"], allow_replacement=False)
    again = review.deploy(place, told, ["storage"], allow_replacement=False)
    house.edit("storage", "TableName: TestRows", "TableName: OtherRows")
    with pytest.raises(review.RefusedError, match=r"Table .* is replaced"):
        review.deploy(
            Aws(house.cloud.settings, house.cloud.progress),
            told,
            ["storage"],
            allow_replacement=False,
        )

    assert deployed == ["storage"]
    assert again == []
    assert "+ Queue (AWS::SQS::Queue) is added" in told.text
    assert house.stacks()["TestStorage"] == "UPDATE_COMPLETE"


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_failed_update_rolls_back_while_the_old_version_answers(
    house: House, told: Told, order: str
) -> None:
    """The failing resource comes before the function is updated, or after it.

    In the first case the new version never answers; in the second it may, until it is sent back.
    """
    route = api.find("GetImageLabelAPI", house.cloud.outputs(), house.cloud.url, "us-west-1")
    rows = (
        house.cloud.session().resource("dynamodb", endpoint_url=house.cloud.url).Table("TestRows")
    )
    rows.put_item(Item={"Id": "1", "Label": "old"})
    # The first request starts the function.
    assert label(route) == "old"
    house.edit("echo", '"Name": item["Label"]', '"Name": "new"', file="src/echo.py")
    if order == "before":
        house.edit("echo", "Resources:\n", FAILING_LATE)
        house.edit(
            "echo",
            "    Type: AWS::Serverless::Function\n",
            "    Type: AWS::Serverless::Function\n    DependsOn: Broken\n",
        )
    else:
        house.edit(
            "echo",
            "Resources:\n",
            FAILING_LATE.replace("  Broken:\n", "  Broken:\n    DependsOn: Function\n"),
        )

    with Asking(route) as asking, pytest.raises(DeploymentError, match="Broken"):
        review.deploy(house.place, told, ["echo"], allow_replacement=False)

    assert house.stacks()["TestEcho"] == "UPDATE_ROLLBACK_COMPLETE"
    # MiniStack ends a worker that is answering when it gets new code.
    cut_off = [error for error in asking.failures if "Runtime.HandlerError" in str(error)]
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
        while not self._enough.wait(0.02):
            try:
                self.labels.add(label(self._route))
            except Exception as error:  # noqa: BLE001 # whatever it is, it is a failure
                self.failures.append(error)


def label(route: api.Route) -> str:
    return str(route.get(imageId="1")["Labels"][0]["Name"])


def wait_until_gone(house: House, stack: str) -> None:
    wait_for(lambda: stack not in house.stacks())


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)
