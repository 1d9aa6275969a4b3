"""A change set, as CloudFormation describes it, and which of its changes lose data."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_cloudformation.type_defs import (
        ChangeTypeDef,
        ResourceChangeDetailTypeDef,
        ResourceChangeTypeDef,
    )

# By type, what is lost with one.
HOLDS = {
    "AWS::DynamoDB::Table": "its rows",
    "AWS::Logs::LogGroup": "its log events",
    "AWS::S3::Bucket": "its objects",
    "AWS::SQS::Queue": "its messages",
}
# The properties that may decide whether one is replaced. An emulator says "conditionally" of others
# as well. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
DECIDING = {
    "AWS::DynamoDB::Table": ("ImportSourceSpecification", "KeySchema", "TableName"),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::S3::Bucket": ("BucketName", "BucketNamePrefix", "BucketNamespace"),
    "AWS::SQS::Queue": ("FifoQueue", "QueueName"),
}


class Effect(enum.Enum):
    """What happens to a resource."""

    ADDED = "added"
    IMPORTED = "imported"
    CHANGED = "changed"
    MAY_BE_REPLACED = "may be replaced"
    REPLACED = "replaced"
    KEPT = "no longer managed"
    DELETED = "deleted"


# A resource that its stack no longer manages still has its data, but the next stack that wants its
# name fails, and nobody looks after it.
LOSING = {Effect.REPLACED, Effect.DELETED, Effect.KEPT}
REPLACEMENTS = {
    "True": Effect.REPLACED,
    "Conditional": Effect.MAY_BE_REPLACED,
    "False": Effect.CHANGED,
}


@dataclass(frozen=True)
class Property:
    """What is different about a resource.

    Attributes:
        name: The property, or the attribute ("Tags", "DeletionPolicy").
        recreates: Whether a different value means, or may mean, another resource.
        certain: Whether the value is known to be different; not where it refers to something that
            is being changed, too.
    """

    name: str
    recreates: bool = False
    certain: bool = True


@dataclass(frozen=True)
class Change:
    """What happens to one resource.

    Attributes:
        resource: Its logical id.
        kind: Its type, `AWS::S3::Bucket`.
        effect: What happens to it.
        properties: What is different about it.
    """

    resource: str
    kind: str
    effect: Effect
    properties: tuple[Property, ...] = ()

    @property
    def causes(self) -> tuple[str, ...]:
        """The properties because of which it is, or may be, replaced."""
        return tuple(each.name for each in self.properties if each.recreates)

    @property
    def is_tagging(self) -> bool:
        """Whether nothing but its tags changes."""
        return self.effect is Effect.CHANGED and [each.name for each in self.properties] == ["Tags"]

    @property
    def is_certain(self) -> bool:
        """Whether a cause of its replacement is known to be different."""
        return any(each.recreates and each.certain for each in self.properties)


def read(changes: "Iterable[ChangeTypeDef]") -> tuple[Change, ...]:
    """Read the changes that DescribeChangeSet lists.

    Args:
        changes: The changes of all its pages.
    """
    return tuple(_change(each["ResourceChange"]) for each in changes if "ResourceChange" in each)


def dangers(changes: "Iterable[Change]") -> "list[Change]":
    """Pick the changes that replace or remove a resource with data.

    A change that CloudFormation calls conditional counts where a property that decides it is known
    to be different. It does not where that merely refers to something else that is changed: on AWS
    a log group that is named after its function "may be replaced" with every new package.

    Args:
        changes: A change set's changes.
    """
    return [
        change
        for change in changes
        if change.kind in HOLDS
        and (
            change.effect in LOSING
            or (change.effect is Effect.MAY_BE_REPLACED and change.is_certain)
        )
    ]


def _change(change: "ResourceChangeTypeDef") -> Change:
    kind, details = change["ResourceType"], change.get("Details", [])
    properties = _properties(kind, details)
    effect = _effect(change)
    if effect is Effect.MAY_BE_REPLACED and details and not any(p.recreates for p in properties):
        effect = Effect.CHANGED
    return Change(change["LogicalResourceId"], kind, effect, properties)


def _effect(change: "ResourceChangeTypeDef") -> Effect:
    match change["Action"]:
        case "Add":
            return Effect.ADDED
        case "Import":
            return Effect.IMPORTED
        case "Remove":
            return Effect.KEPT if change.get("PolicyAction") == "Retain" else Effect.DELETED
        case _:
            # An emulator that does not say is taken at its least.
            return REPLACEMENTS.get(change.get("Replacement", "False"), Effect.MAY_BE_REPLACED)


def _properties(
    kind: str, details: "Iterable[ResourceChangeDetailTypeDef]"
) -> tuple[Property, ...]:
    """Read a change's details: several may name the same property."""
    found: dict[str, Property] = {}
    for detail in details:
        target = detail.get("Target", {})
        name = target.get("Name") or target.get("Attribute", "")
        known = found.get(name, Property(name, certain=False))
        found[name] = Property(
            name,
            known.recreates or recreates(kind, name, target.get("RequiresRecreation", "Never")),
            known.certain or detail.get("Evaluation", "Static") == "Static",
        )
    return tuple(found.values())


def recreates(kind: str, name: str, recreation: str) -> bool:
    """Tell whether a different property means, or may mean, another resource.

    Args:
        kind: The resource's type.
        name: The property.
        recreation: RequiresRecreation of DescribeChangeSet: Never, Conditionally or Always.
    """
    if recreation == "Conditionally" and kind in DECIDING:
        return name in DECIDING[kind]
    return recreation != "Never"
