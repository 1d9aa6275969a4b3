"""What DescribeChangeSet says is read for what it means."""

from typing import TYPE_CHECKING, Any

import pytest

from local_aws.operations.changes import Change, Fate, Property, read
from local_aws.operations.kinds import decides
from local_aws.operations.stateful import dangers

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ChangeTypeDef

TABLE, BUCKET = "AWS::DynamoDB::Table", "AWS::S3::Bucket"


def change(action: str, kind: str = TABLE, **more: Any) -> "ChangeTypeDef":
    resource: Any = {
        "Action": action,
        "LogicalResourceId": "Thing",
        "ResourceType": kind,
        **more,
    }
    return {"Type": "Resource", "ResourceChange": resource}


def detail(name: str, recreation: str, evaluation: str = "Static") -> dict[str, Any]:
    target = {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation}
    return {"Target": target, "Evaluation": evaluation}


@pytest.mark.parametrize(
    ("described", "fate"),
    [
        (change("Add"), Fate.ADDED),
        (change("Import"), Fate.IMPORTED),
        (change("Remove"), Fate.DELETED),
        (change("Remove", PolicyAction="Delete"), Fate.DELETED),
        (change("Remove", PolicyAction="Retain"), Fate.KEPT),
        (change("Modify", Replacement="False"), Fate.CHANGED),
        (change("Modify", Replacement="True"), Fate.REPLACED),
        (change("Modify", Replacement="Conditional"), Fate.MAY_BE_REPLACED),
        # What moto says, and what a later CloudFormation might.
        (change("Modify"), Fate.CHANGED),
        (change("Modify", Replacement="Sometimes"), Fate.MAY_BE_REPLACED),
    ],
)
def test_each_action_has_its_fate(described: "ChangeTypeDef", fate: Fate) -> None:
    assert [each.fate for each in read([described])] == [fate]


def test_what_is_no_resource_is_passed_over() -> None:
    assert read([{"Type": "Resource"}]) == ()


def test_a_property_that_is_told_of_twice_is_one() -> None:
    """CloudFormation tells of a property once directly and once by what it refers to."""
    details = [detail("KeySchema", "Always", "Dynamic"), detail("KeySchema", "Always")]

    [found] = read([change("Modify", Replacement="True", Details=details)])

    assert found.properties == (Property("KeySchema", recreates=True, certain=True),)
    assert found.causes == ("KeySchema",)


def test_an_attribute_has_its_own_name() -> None:
    tags = {"Target": {"Attribute": "Tags", "RequiresRecreation": "Never"}}

    [found] = read([change("Modify", Replacement="False", Details=[tags])])

    assert found.properties == (Property("Tags"),)
    assert found.causes == ()


@pytest.mark.parametrize(
    ("kind", "name", "recreation", "meant"),
    [
        (BUCKET, "LifecycleConfiguration", "Conditionally", False),
        (BUCKET, "BucketName", "Conditionally", True),
        (TABLE, "KeySchema", "Conditionally", True),
        (TABLE, "LocalSecondaryIndexes", "Always", True),
        (TABLE, "TableName", "Never", False),
        ("AWS::Lambda::Function", "DurableConfig", "Conditionally", True),
    ],
)
def test_an_emulator_s_guess_about_what_holds_data_is_not_taken(
    kind: str, name: str, recreation: str, *, meant: bool
) -> None:
    assert decides(kind, name, recreation) is meant


def test_a_bucket_s_new_lifecycle_is_a_mere_change() -> None:
    details = [detail("LifecycleConfiguration", "Conditionally")]

    [found] = read([change("Modify", BUCKET, Replacement="Conditional", Details=details)])

    assert found.fate is Fate.CHANGED


@pytest.mark.parametrize("fate", [Fate.REPLACED, Fate.DELETED, Fate.KEPT])
@pytest.mark.parametrize("kind", [TABLE, BUCKET, "AWS::SQS::Queue", "AWS::Logs::LogGroup"])
def test_losing_what_holds_data_is_dangerous(kind: str, fate: Fate) -> None:
    lost = Change("Thing", kind, fate)

    assert dangers([lost]) == [lost]


@pytest.mark.parametrize(
    "harmless",
    [
        Change("Thing", "AWS::Lambda::Function", Fate.REPLACED),
        Change("Thing", TABLE, Fate.ADDED),
        Change("Thing", TABLE, Fate.CHANGED, (Property("BillingMode"),)),
        # On AWS, so is a log group that is named after its function, whenever that is updated.
        Change(
            "Thing",
            "AWS::Logs::LogGroup",
            Fate.MAY_BE_REPLACED,
            (Property("LogGroupName", recreates=True, certain=False),),
        ),
    ],
)
def test_all_else_is_not(harmless: Change) -> None:
    assert dangers([harmless]) == []


def test_a_condition_that_is_met_by_a_known_difference_is_dangerous() -> None:
    keys = (Property("KeySchema", recreates=True),)

    assert dangers([Change("Thing", TABLE, Fate.MAY_BE_REPLACED, keys)])
