"""All checks of one or several regions, reported to a person."""

from typing import TYPE_CHECKING

from local_aws.preflight.checks import ACTIONS, CHECKS, FIRST
from local_aws.preflight.context import Context
from local_aws.preflight.findings import FAILURES, Finding, Mark, unanswered
from local_aws.tools.progress import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

    from local_aws.deploying.target import Target
    from local_aws.preflight.checks import Check

IN_THE_WAY = 1
STYLES = {Mark.GOOD: "green", Mark.BAD: "bold red", Mark.UNKNOWN: "yellow", Mark.NOTE: "dim"}


def preflight(targets: "Iterable[Target]", console: "Console") -> int:
    """Check targets before anything is deployed there.

    Args:
        targets: The environments and regions.
        console: Where to say what was found.

    Returns:
        0, or 1 if something stands in the way. What could not be checked is neither.
    """
    found: list[Finding] = []
    for target in targets:
        context = Context(target)
        show(console, f"{context.environment} in {context.region}", "bold")
        for finding in check(context):
            found.append(finding)
            _show(console, finding)
    counted = {mark: sum(each.mark is mark for each in found) for mark in Mark}
    show(
        console,
        f"{counted[Mark.GOOD]} good, {counted[Mark.BAD]} in the way, "
        f"{counted[Mark.UNKNOWN]} could not be checked.",
        "bold",
    )
    if counted[Mark.UNKNOWN]:
        show(console, f"The checks need these read-only permissions: {', '.join(ACTIONS)}.", "dim")
    return IN_THE_WAY if counted[Mark.BAD] else 0


def check(context: Context) -> "Iterator[Finding]":
    """Check one target; without credentials, nothing else is asked."""
    for first in FIRST:
        findings = list(_safely(first.__name__.capitalize(), first, context))
        yield from findings
        if any(finding.mark is Mark.BAD for finding in findings):
            return
    for title, each in CHECKS.items():
        yield from _safely(title, each, context)


def _safely(title: str, each: "Check", context: Context) -> "Iterator[Finding]":
    """Let no answer that nobody expected end the other checks."""
    try:
        yield from each(context)
    except FAILURES as reason:
        yield unanswered(title, reason)


def _show(console: "Console", finding: Finding) -> None:
    show(console, f"  {finding.mark.value} {finding.text}", STYLES[finding.mark])
    if finding.advice:
        show(console, f"    → {finding.advice}", STYLES[finding.mark])
