"""What others import cannot change, and that is reported before anything happens."""

from typing import Any

import pytest

from local_aws.operations import exported, review
from local_aws.operations.changes import Change, Effect, Property
from local_aws.project import templates
from local_aws.project.expansion import Stack
from tests.operations.conftest import Printed, Project

TABLE = "AWS::DynamoDB::Table"
TEMPLATE = """
Parameters: {Stage: {Default: v1}, Mode: {Default: key}}
Conditions:
  HasKey: !Equals [!Ref Mode, key]
  HasNoKey: !Not [!Condition HasKey]
  Both: !And [!Condition HasKey, !Not [!Or [!Condition HasNoKey, !Equals [!Ref Stage, v9]]]]
Resources: {Table: {Type: AWS::DynamoDB::Table}}
Outputs:
  Url: {Value: !Sub "https://x/${Stage}", Export: {Name: !Sub "${AWS::StackName}-Url"}}
  Key: {Condition: HasKey, Value: id, Export: {Name: Mine-Key}}
  Both: {Condition: Both, Value: id, Export: {Name: Mine-Both}}
  Choice: {Value: !If [HasKey, one, other], Export: {Name: Mine-Choice}}
  Name: {Value: !Ref Table, Export: {Name: Mine-Name}}
  Arn: {Value: !Sub "${Table.Arn}/index", Export: {Name: Mine-Arn}}
  Stream: {Value: !GetAtt Table.StreamArn, Export: {Name: Mine-Stream}}
"""
NOW = {
    "Url": "https://x/v1",
    "Key": "id",
    "Both": "id",
    "Choice": "one",
    "Name": "rows",
    "Arn": "arn:rows/index",
    "Stream": "arn:stream",
}


class CloudFormation:
    """A region in which one stack imports everything, or nothing."""

    def __init__(self, *importers: str) -> None:
        self._importers = list(importers)

    def get_paginator(self, _: str) -> "CloudFormation":
        return self

    def paginate(self, **_: str) -> Any:
        return [{"Imports": self._importers}]


def found(tmp_path: Any, *changes: Change, **values: str) -> dict[str, str]:
    """Whatever stands in the way, by the output's key."""
    importer = values.pop("importer", "Other")
    (tmp_path / "template.yml").write_text(TEMPLATE)
    outputs: Any = [{"ExportName": f"Mine-{key}", "OutputValue": NOW[key]} for key in NOW]
    names = {"Stage": "v1", "Mode": "key", "AWS::StackName": "Mine"} | values
    template = templates.read(tmp_path / "template.yml")
    asked: Any = CloudFormation(*importer.split())
    printed = exported.deadlocks(asked, [*outputs, {}], Stack("mine", template, names), changes)
    return {each.export.removeprefix("Mine-"): each.change for each in printed}


def test_what_stays_is_in_nobodys_way(tmp_path: Any) -> None:
    change = Change("Table", TABLE, Effect.CHANGED, (Property("BillingMode"),))

    assert found(tmp_path, change) == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Stage": "v2"}, {"Url": "would become https://x/v2 (it is https://x/v1)"}),
        ({"Stage": "v9"}, {"Url": "would become https://x/v9 (it is https://x/v1)"}
         | {"Both": "would be gone"}),
        ({"Mode": "none"}, {"Key": "would be gone", "Both": "would be gone"}
         | {"Choice": "would become other (it is one)"}),
    ],
)  # fmt: skip
def test_a_parameter_that_an_export_follows_is_reported(
    tmp_path: Any, values: dict[str, str], expected: dict[str, str]
) -> None:
    assert found(tmp_path, **values) == expected


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        (Change("Table", TABLE, Effect.REPLACED), {"Name", "Arn", "Stream"}),
        (Change("Table", TABLE, Effect.DELETED), {"Name", "Arn", "Stream"}),
        (Change("Table", TABLE, Effect.CHANGED, (Property("StreamSpecification"),)), {"Stream"}),
        (Change("Else", TABLE, Effect.REPLACED), set()),
    ],
)
def test_a_resource_that_an_export_names_is_reported(
    tmp_path: Any, change: Change, keys: set[str]
) -> None:
    assert found(tmp_path, change).keys() == keys


def test_what_nobody_imports_may_change(tmp_path: Any) -> None:
    assert found(tmp_path, importer="", Stage="v2") == {}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "  TableName:\n    Value",
            "  RowsName:\n    Value",
            "TestStorage-TableName would be gone",
        ),
        ("Value: !Ref Table", "Value: !Sub Other", "would become Other (it is TestRows)"),
        ("TableName: TestRows", "TableName: OtherRows", "would become another one with Table"),
    ],
)
def test_the_cloud_is_asked_and_nothing_happens(
    project: Project, printed: Printed, old: str, new: str, expected: str
) -> None:
    project.edit("storage", old, new)
    if "RowsName" in new:
        project.edit("storage", "${AWS::StackName}-TableName", "${AWS::StackName}-RowsName")
        project.edit("echo", "${StorageStackName}-TableName", "${StorageStackName}-RowsName")

    review.changes(project.target, printed, ["storage"])
    with pytest.raises(review.RefusedError) as refused:
        review.deploy(project.target, printed, ["storage"], allow_replacement=True)

    assert expected in printed.text
    assert expected in str(refused.value)
    assert "First deploy TestEcho without the import" in str(refused.value)
    assert project.stacks() == {"TestStorage": "CREATE_COMPLETE", "TestEcho": "CREATE_COMPLETE"}
