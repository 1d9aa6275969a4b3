"""What DescribeChangeSet says is read for what it means."""

from typing import TYPE_CHECKING, Any

import pytest

from local_aws.operations.changes import Change, Effect, Property, dangers, read, recreates

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
    ("described", "effect"),
    [
        (change("Add"), Effect.ADDED),
        (change("Import"), Effect.IMPORTED),
        (change("Remove"), Effect.DELETED),
        (change("Remove", PolicyAction="Delete"), Effect.DELETED),
        (change("Remove", PolicyAction="Retain"), Effect.KEPT),
        (change("Modify", Replacement="False"), Effect.CHANGED),
        (change("Modify", Replacement="True"), Effect.REPLACED),
        (change("Modify", Replacement="Conditional"), Effect.MAY_BE_REPLACED),
        # What moto says, and what a later CloudFormation might.
        (change("Modify"), Effect.CHANGED),
        (change("Modify", Replacement="Sometimes"), Effect.MAY_BE_REPLACED),
    ],
)
def test_each_action_has_its_effect(described: "ChangeTypeDef", effect: Effect) -> None:
    assert [each.effect for each in read([described])] == [effect]


def test_what_is_no_resource_is_passed_over() -> None:
    assert read([{"Type": "Resource"}]) == ()


def test_a_property_that_is_reported_of_twice_is_one() -> None:
    """CloudFormation names a property once directly and once by what it refers to."""
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
    assert recreates(kind, name, recreation) is meant


def test_a_bucket_s_new_lifecycle_is_a_mere_change() -> None:
    details = [detail("LifecycleConfiguration", "Conditionally")]

    [found] = read([change("Modify", BUCKET, Replacement="Conditional", Details=details)])

    assert found.effect is Effect.CHANGED


@pytest.mark.parametrize("effect", [Effect.REPLACED, Effect.DELETED, Effect.KEPT])
@pytest.mark.parametrize("kind", [TABLE, BUCKET, "AWS::SQS::Queue", "AWS::Logs::LogGroup"])
def test_losing_what_holds_data_is_dangerous(kind: str, effect: Effect) -> None:
    lost = Change("Thing", kind, effect)

    assert dangers([lost]) == [lost]


@pytest.mark.parametrize(
    "harmless",
    [
        Change("Thing", "AWS::Lambda::Function", Effect.REPLACED),
        Change("Thing", TABLE, Effect.ADDED),
        Change("Thing", TABLE, Effect.CHANGED, (Property("BillingMode"),)),
        # On AWS, so is a log group that is named after its function, whenever that is updated.
        Change(
            "Thing",
            "AWS::Logs::LogGroup",
            Effect.MAY_BE_REPLACED,
            (Property("LogGroupName", recreates=True, certain=False),),
        ),
    ],
)
def test_everything_else_is_not(harmless: Change) -> None:
    assert dangers([harmless]) == []


def test_a_condition_that_is_met_by_a_known_difference_is_dangerous() -> None:
    keys = (Property("KeySchema", recreates=True),)

    assert dangers([Change("Thing", TABLE, Effect.MAY_BE_REPLACED, keys)])
