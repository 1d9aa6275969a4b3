"""Changes are told in words that say what they cost."""

from pathlib import Path

import pytest

from local_aws.components import Component
from local_aws.operations import words
from local_aws.operations.changes import Change, Fate, Property
from local_aws.operations.proposal import Proposal
from local_aws.operations.review import RefusedError, refuse

COMPONENT = Component(Path("/house/storage"), "TestStorage")
TABLE = "AWS::DynamoDB::Table"
NAME = Property("TableName", recreates=True)


def told(proposed: Proposal) -> list[str]:
    return [line.text for line in words.proposal(proposed)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change("Table", TABLE, Fate.ADDED), "Table (AWS::DynamoDB::Table) is added"),
        (Change("Table", TABLE, Fate.DELETED), "Table (AWS::DynamoDB::Table) is deleted"),
        (
            Change("Table", TABLE, Fate.KEPT),
            "Table (AWS::DynamoDB::Table) leaves the stack and is kept (its DeletionPolicy)",
        ),
        (
            Change("F", "AWS::Lambda::Function", Fate.CHANGED, (Property("Code"),)),
            "F (AWS::Lambda::Function) is changed: Code",
        ),
        (
            Change("F", "AWS::Lambda::Function", Fate.CHANGED, (Property("Role", certain=False),)),
            "F (AWS::Lambda::Function) is changed: perhaps Role",
        ),
        (
            Change("Table", TABLE, Fate.REPLACED, (NAME, Property("Tags"))),
            "Table (AWS::DynamoDB::Table) is replaced by a new one, because of TableName",
        ),
        (
            Change("Table", TABLE, Fate.MAY_BE_REPLACED, (NAME,)),
            "Table (AWS::DynamoDB::Table) may be replaced by a new one, because of TableName",
        ),
        (
            Change("Table", TABLE, Fate.REPLACED),
            "Table (AWS::DynamoDB::Table) is replaced by a new one, because of its type",
        ),
    ],
)
def test_a_change_is_a_sentence(change: Change, sentence: str) -> None:
    assert words.sentence(change) == sentence


def test_nothing_to_change_is_said() -> None:
    assert told(Proposal(COMPONENT)) == ["storage (TestStorage): nothing to change"]


def test_what_cannot_be_told_says_why() -> None:
    proposed = Proposal(COMPONENT, waits_for=("OpenDevOpsS3", "OpenDevOpsDynamoDB"))

    assert told(proposed) == [
        "storage (TestStorage): cannot be told before OpenDevOpsS3 and OpenDevOpsDynamoDB"
    ]


def test_a_failed_creation_is_said_to_be_repeated() -> None:
    [line] = told(Proposal(COMPONENT, leftover="ROLLBACK_COMPLETE"))

    assert (
        line == "storage (TestStorage): was never completed (ROLLBACK_COMPLETE), and is made anew"
    )


def test_what_loses_data_stands_out() -> None:
    changes = (
        Change("Table", TABLE, Fate.REPLACED, (NAME,)),
        Change("Role", "AWS::IAM::Role", Fate.REPLACED, (Property("Path", recreates=True),)),
    )

    head, table, role = words.proposal(Proposal(COMPONENT, changes=changes))

    assert head.text == "storage (TestStorage): 2 replaced"
    assert table.style == words.LOUD
    assert "!!!" in table.text
    assert "its rows would not be in the new one" in table.text
    assert role.style != words.LOUD


def test_a_refusal_names_component_resource_and_property() -> None:
    proposed = Proposal(COMPONENT, changes=(Change("Table", TABLE, Fate.REPLACED, (NAME,)),))

    with pytest.raises(RefusedError) as refused:
        refuse([proposed], allowed=False)

    assert "Nothing was deployed" in str(refused.value)
    assert "storage: Table (AWS::DynamoDB::Table)" in str(refused.value)
    assert "because of TableName" in str(refused.value)
    assert "ALLOW_REPLACEMENT=yes" in str(refused.value)


def test_what_the_user_allows_is_not_refused() -> None:
    proposed = Proposal(COMPONENT, changes=(Change("Table", TABLE, Fate.DELETED),))

    refuse([proposed], allowed=True)


@pytest.mark.parametrize(
    ("proposed", "empty"),
    [
        (Proposal(COMPONENT), True),
        (Proposal(COMPONENT, is_new=True), False),
        (Proposal(COMPONENT, leftover="CREATE_FAILED"), False),
        (Proposal(COMPONENT, waits_for=("X",)), False),
        (Proposal(COMPONENT, changes=(Change("T", TABLE, Fate.ADDED),)), False),
    ],
)
def test_only_what_changes_nothing_is_passed_over(proposed: Proposal, *, empty: bool) -> None:
    assert proposed.is_empty is empty


def test_new_tags_are_counted_and_not_listed() -> None:
    tags = (Property("Tags"),)
    changes = (
        Change("Table", TABLE, Fate.CHANGED, tags),
        Change("Role", "AWS::IAM::Role", Fate.CHANGED, tags),
        Change("Queue", "AWS::SQS::Queue", Fate.CHANGED, (*tags, Property("DelaySeconds"))),
    )

    assert told(Proposal(COMPONENT, changes=changes)) == [
        "storage (TestStorage): 3 changed",
        "  ~ Queue (AWS::SQS::Queue) is changed: Tags, DelaySeconds",
        "  ~ 2 are changed: Tags alone",
    ]
