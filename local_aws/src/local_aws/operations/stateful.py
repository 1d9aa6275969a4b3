"""Which changes lose what nobody can deploy again."""

from typing import TYPE_CHECKING

from local_aws.operations.changes import Fate
from local_aws.operations.kinds import HOLDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_aws.operations.changes import Change

# A resource that its stack no longer manages still has its data, but the next stack that wants its
# name fails, and nobody looks after it.
LOSING = {Fate.REPLACED, Fate.DELETED, Fate.KEPT}


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
        and (change.fate in LOSING or (change.fate is Fate.MAY_BE_REPLACED and change.is_certain))
    ]
