"""Describes changes to people."""

from typing import TYPE_CHECKING, NamedTuple

from local_aws.operations.changes import HOLDS, Effect, dangers

if TYPE_CHECKING:
    from local_aws.operations.changes import Change
    from local_aws.operations.proposals import Proposal

SIGNS = {
    Effect.ADDED: "+",
    Effect.IMPORTED: "+",
    Effect.CHANGED: "~",
    Effect.MAY_BE_REPLACED: "~",
    Effect.REPLACED: "±",
    Effect.KEPT: "-",
    Effect.DELETED: "-",
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
        verb = "is" if len(proposed.waits_for) == 1 else "are"
        return [Line(f"{title}: unknown until {' and '.join(proposed.waits_for)} {verb} deployed")]
    if proposed.leftover:
        return [Line(f"{title}: was never completed ({proposed.leftover}), and is made again")]
    stuck = [Line(f"  !!! {each} !!!", LOUD) for each in proposed.deadlocks]
    if not proposed.changes:
        if stuck:
            return [Line(f"{title}: cannot be changed", "bold"), *stuck]
        if proposed.is_new:
            return [Line(f"{title}: is created")]
        return [
            Line(f"{title}: {'outputs alone change' if proposed.outputs else 'nothing to change'}")
        ]
    head = f"{title}: is created" if proposed.is_new else f"{title}: {_count(proposed.changes)}"
    marked = dangers(proposed.changes)
    tagged = [change for change in proposed.changes if change.is_tagging]
    verb = "is" if len(tagged) == 1 else "are"
    return [
        Line(head, "bold"),
        *stuck,
        *(_line(c, loud=c in marked) for c in proposed.changes if c not in tagged),
        # Every deployment of another version changes the stack's tags, and with them everything's.
        *([Line(f"  ~ {len(tagged)} {verb} changed: Tags alone", "dim")] if tagged else []),
    ]


def sentence(change: "Change") -> str:
    """Say what happens to a resource, and why."""
    subject = f"{change.resource} ({change.kind})"
    causes = ", ".join(change.causes) or "its type"
    match change.effect:
        case Effect.CHANGED:
            # A different reference that cannot be seen before is reported as what it is.
            names = [p.name if p.certain else f"perhaps {p.name}" for p in change.properties]
            return f"{subject} is changed{': ' if names else ''}{', '.join(names)}"
        case Effect.REPLACED:
            return f"{subject} is replaced by a new one, because of {causes}"
        case Effect.MAY_BE_REPLACED:
            return f"{subject} may be replaced by a new one, because of {causes}"
        case Effect.KEPT:
            return f"{subject} leaves the stack and is kept (its DeletionPolicy)"
        case effect:
            return f"{subject} is {effect.value}"


def loss(change: "Change") -> str:
    """Say what a change would cost."""
    if change.effect is Effect.KEPT:
        return "nobody manages it then"
    return (
        f"{HOLDS[change.kind]} would not be in the new one"
        if change.causes
        else (f"{HOLDS[change.kind]} would be gone")
    )


def _line(change: "Change", *, loud: bool) -> Line:
    sign = SIGNS[change.effect]
    if loud:
        return Line(f"  {sign} !!! {sentence(change)}: {loss(change)} !!!", LOUD)
    return Line(f"  {sign} {sentence(change)}", COLOURS[sign])


def _count(changes: "tuple[Change, ...]") -> str:
    counted = {
        effect: sum(change.effect is effect for change in changes)
        for effect in Effect
        if any(change.effect is effect for change in changes)
    }
    return ", ".join(f"{number} {effect.value}" for effect, number in counted.items())
