"""A change set, as CloudFormation describes it."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_aws.operations.kinds import decides

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_cloudformation.type_defs import (
        ChangeTypeDef,
        ResourceChangeDetailTypeDef,
        ResourceChangeTypeDef,
    )


class Fate(enum.Enum):
    """What happens to a resource."""

    ADDED = "added"
    IMPORTED = "imported"
    CHANGED = "changed"
    MAY_BE_REPLACED = "may be replaced"
    REPLACED = "replaced"
    KEPT = "no longer managed"
    DELETED = "deleted"


REPLACEMENTS = {
    "True": Fate.REPLACED,
    "Conditional": Fate.MAY_BE_REPLACED,
    "False": Fate.CHANGED,
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
        fate: What happens to it.
        properties: What is different about it.
    """

    resource: str
    kind: str
    fate: Fate
    properties: tuple[Property, ...] = ()

    @property
    def causes(self) -> tuple[str, ...]:
        """The properties because of which it is, or may be, replaced."""
        return tuple(each.name for each in self.properties if each.recreates)

    @property
    def is_tagging(self) -> bool:
        """Whether nothing but its tags changes."""
        return self.fate is Fate.CHANGED and [each.name for each in self.properties] == ["Tags"]

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


def _change(change: "ResourceChangeTypeDef") -> Change:
    kind, details = change["ResourceType"], change.get("Details", [])
    properties = _properties(kind, details)
    fate = _fate(change)
    if fate is Fate.MAY_BE_REPLACED and details and not any(p.recreates for p in properties):
        fate = Fate.CHANGED
    return Change(change["LogicalResourceId"], kind, fate, properties)


def _fate(change: "ResourceChangeTypeDef") -> Fate:
    match change["Action"]:
        case "Add":
            return Fate.ADDED
        case "Import":
            return Fate.IMPORTED
        case "Remove":
            return Fate.KEPT if change.get("PolicyAction") == "Retain" else Fate.DELETED
        case _:
            # An emulator that does not say is taken at its least.
            return REPLACEMENTS.get(change.get("Replacement", "False"), Fate.MAY_BE_REPLACED)


def _properties(
    kind: str, details: "Iterable[ResourceChangeDetailTypeDef]"
) -> tuple[Property, ...]:
    """Read a change's details: several may tell of the same property."""
    found: dict[str, Property] = {}
    for detail in details:
        target = detail.get("Target", {})
        name = target.get("Name") or target.get("Attribute", "")
        known = found.get(name, Property(name, certain=False))
        found[name] = Property(
            name,
            known.recreates or decides(kind, name, target.get("RequiresRecreation", "Never")),
            known.certain or detail.get("Evaluation", "Static") == "Static",
        )
    return tuple(found.values())
