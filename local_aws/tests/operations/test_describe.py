"""Changes are described with what they cost."""

from pathlib import Path

import pytest

from local_aws.operations import describe
from local_aws.operations.changes import Change, Effect, Property
from local_aws.operations.proposals import Proposal
from local_aws.operations.review import RefusedError, refuse
from local_aws.project.components import Component

COMPONENT = Component(Path("/project/storage"), "TestStorage")
TABLE = "AWS::DynamoDB::Table"
NAME = Property("TableName", recreates=True)


def printed(proposed: Proposal) -> list[str]:
    return [line.text for line in describe.proposal(proposed)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change("Table", TABLE, Effect.ADDED), "Table (AWS::DynamoDB::Table) is added"),
        (Change("Table", TABLE, Effect.DELETED), "Table (AWS::DynamoDB::Table) is deleted"),
        (
            Change("Table", TABLE, Effect.KEPT),
            "Table (AWS::DynamoDB::Table) leaves the stack and is kept (its DeletionPolicy)",
        ),
        (
            Change("F", "AWS::Lambda::Function", Effect.CHANGED, (Property("Code"),)),
            "F (AWS::Lambda::Function) is changed: Code",
        ),
        (
            Change(
                "F", "AWS::Lambda::Function", Effect.CHANGED, (Property("Role", certain=False),)
            ),
            "F (AWS::Lambda::Function) is changed: perhaps Role",
        ),
        (
            Change("Table", TABLE, Effect.REPLACED, (NAME, Property("Tags"))),
            "Table (AWS::DynamoDB::Table) is replaced by a new one, because of TableName",
        ),
        (
            Change("Table", TABLE, Effect.MAY_BE_REPLACED, (NAME,)),
            "Table (AWS::DynamoDB::Table) may be replaced by a new one, because of TableName",
        ),
        (
            Change("Table", TABLE, Effect.REPLACED),
            "Table (AWS::DynamoDB::Table) is replaced by a new one, because of its type",
        ),
    ],
)
def test_a_change_is_a_sentence(change: Change, sentence: str) -> None:
    assert describe.sentence(change) == sentence


def test_nothing_to_change_is_reported() -> None:
    assert printed(Proposal(COMPONENT)) == ["storage (TestStorage): nothing to change"]


def test_what_cannot_be_reported_says_why() -> None:
    proposed = Proposal(COMPONENT, waits_for=("OpenDevOpsS3", "OpenDevOpsDynamoDB"))

    assert printed(proposed) == [
        "storage (TestStorage): unknown until OpenDevOpsS3 and OpenDevOpsDynamoDB are deployed"
    ]


def test_a_failed_creation_is_reported_to_be_repeated() -> None:
    [line] = printed(Proposal(COMPONENT, leftover="ROLLBACK_COMPLETE"))

    assert (
        line == "storage (TestStorage): was never completed (ROLLBACK_COMPLETE), and is made again"
    )


def test_what_loses_data_stands_out() -> None:
    changes = (
        Change("Table", TABLE, Effect.REPLACED, (NAME,)),
        Change("Role", "AWS::IAM::Role", Effect.REPLACED, (Property("Path", recreates=True),)),
    )

    head, table, role = describe.proposal(Proposal(COMPONENT, changes=changes))

    assert head.text == "storage (TestStorage): 2 replaced"
    assert table.style == describe.LOUD
    assert "!!!" in table.text
    assert "its rows would not be in the new one" in table.text
    assert role.style != describe.LOUD


def test_a_refusal_names_component_resource_and_property() -> None:
    proposed = Proposal(COMPONENT, changes=(Change("Table", TABLE, Effect.REPLACED, (NAME,)),))

    with pytest.raises(RefusedError) as refused:
        refuse([proposed], allowed=False)

    assert "Nothing was deployed" in str(refused.value)
    assert "storage: Table (AWS::DynamoDB::Table)" in str(refused.value)
    assert "because of TableName" in str(refused.value)
    assert "ALLOW_REPLACEMENT=yes" in str(refused.value)


def test_what_the_user_allows_is_not_refused() -> None:
    proposed = Proposal(COMPONENT, changes=(Change("Table", TABLE, Effect.DELETED),))

    refuse([proposed], allowed=True)


@pytest.mark.parametrize(
    ("proposed", "empty"),
    [
        (Proposal(COMPONENT), True),
        (Proposal(COMPONENT, is_new=True), False),
        (Proposal(COMPONENT, leftover="CREATE_FAILED"), False),
        (Proposal(COMPONENT, waits_for=("X",)), False),
        (Proposal(COMPONENT, changes=(Change("T", TABLE, Effect.ADDED),)), False),
    ],
)
def test_only_what_changes_nothing_is_passed_over(proposed: Proposal, *, empty: bool) -> None:
    assert proposed.is_empty is empty


def test_new_tags_are_counted_and_not_listed() -> None:
    tags = (Property("Tags"),)
    changes = (
        Change("Table", TABLE, Effect.CHANGED, tags),
        Change("Role", "AWS::IAM::Role", Effect.CHANGED, tags),
        Change("Queue", "AWS::SQS::Queue", Effect.CHANGED, (*tags, Property("DelaySeconds"))),
    )

    assert printed(Proposal(COMPONENT, changes=changes)) == [
        "storage (TestStorage): 3 changed",
        "  ~ Queue (AWS::SQS::Queue) is changed: Tags, DelaySeconds",
        "  ~ 2 are changed: Tags alone",
    ]


def test_one_resource_with_new_tags_is_counted_as_one() -> None:
    changes = (Change("Table", TABLE, Effect.CHANGED, (Property("Tags"),)),)

    assert printed(Proposal(COMPONENT, changes=changes))[-1] == "  ~ 1 is changed: Tags alone"
