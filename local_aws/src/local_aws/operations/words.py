"""Changes in words."""

from typing import TYPE_CHECKING, NamedTuple

from local_aws.operations.changes import Fate
from local_aws.operations.kinds import HOLDS
from local_aws.operations.stateful import dangers

if TYPE_CHECKING:
    from local_aws.operations.changes import Change
    from local_aws.operations.proposal import Proposal

SIGNS = {
    Fate.ADDED: "+",
    Fate.IMPORTED: "+",
    Fate.CHANGED: "~",
    Fate.MAY_BE_REPLACED: "~",
    Fate.REPLACED: "±",
    Fate.KEPT: "-",
    Fate.DELETED: "-",
}
LOUD = "bold red"
COLOURS = {"+": "green", "~": "yellow", "±": "red", "-": "red"}


class Line(NamedTuple):
    """A line for people, and rich's style for it."""

    text: str
    style: str = ""


def proposal(proposed: "Proposal") -> list[Line]:
    """Say what a deployment of a component would do.

    Args:
        proposed: Its change set.
    """
    title = f"{proposed.component.name} ({proposed.component.stack})"
    if proposed.waits_for:
        return [Line(f"{title}: cannot be told before {' and '.join(proposed.waits_for)}")]
    if proposed.leftover:
        return [Line(f"{title}: was never completed ({proposed.leftover}), and is made anew")]
    if not proposed.changes:
        if proposed.is_new:
            return [Line(f"{title}: is created")]
        return [Line(f"{title}: nothing to change")]
    head = f"{title}: is created" if proposed.is_new else f"{title}: {_count(proposed.changes)}"
    marked = dangers(proposed.changes)
    tagged = [change for change in proposed.changes if change.is_tagging]
    return [
        Line(head, "bold"),
        *(_line(c, loud=c in marked) for c in proposed.changes if c not in tagged),
        # Every deployment of another version changes the stack's tags, and with them everything's.
        *([Line(f"  ~ {len(tagged)} are changed: Tags alone", "dim")] if tagged else []),
    ]


def sentence(change: "Change") -> str:
    """Say what happens to a resource, and why."""
    subject = f"{change.resource} ({change.kind})"
    causes = ", ".join(change.causes) or "its type"
    match change.fate:
        case Fate.CHANGED:
            # A different reference that cannot be seen before is told as what it is.
            names = [p.name if p.certain else f"perhaps {p.name}" for p in change.properties]
            return f"{subject} is changed{': ' if names else ''}{', '.join(names)}"
        case Fate.REPLACED:
            return f"{subject} is replaced by a new one, because of {causes}"
        case Fate.MAY_BE_REPLACED:
            return f"{subject} may be replaced by a new one, because of {causes}"
        case Fate.KEPT:
            return f"{subject} leaves the stack and is kept (its DeletionPolicy)"
        case fate:
            return f"{subject} is {fate.value}"


def loss(change: "Change") -> str:
    """Say what a change would cost."""
    if change.fate is Fate.KEPT:
        return "nobody manages it then"
    return (
        f"{HOLDS[change.kind]} would not be in the new one"
        if change.causes
        else (f"{HOLDS[change.kind]} would be gone")
    )


def _line(change: "Change", *, loud: bool) -> Line:
    sign = SIGNS[change.fate]
    if loud:
        return Line(f"  {sign} !!! {sentence(change)}: {loss(change)} !!!", LOUD)
    return Line(f"  {sign} {sentence(change)}", COLOURS[sign])


def _count(changes: "tuple[Change, ...]") -> str:
    counted = {
        fate: sum(change.fate is fate for change in changes)
        for fate in Fate
        if any(change.fate is fate for change in changes)
    }
    return ", ".join(f"{number} {fate.value}" for fate, number in counted.items())
