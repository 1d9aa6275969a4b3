"""Exports that a deployment would change or take away while others import them.

CloudFormation refuses that, and only when the change set is executed, so it is reported before.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_aws.deploying import stacks
from local_aws.operations.changes import LOSING, Effect
from local_aws.project import templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import OutputTypeDef

    from local_aws.operations.changes import Change
    from local_aws.project.expansion import Stack

# Attributes that become others while their resource stays, and the property because of which.
VOLATILE = {("AWS::DynamoDB::Table", "StreamArn"): "StreamSpecification"}


@dataclass(frozen=True)
class Deadlock:
    """An export that cannot become what a deployment would make of it.

    Attributes:
        export: Its name.
        change: What would become of it.
        importers: The stacks that import it.
    """

    export: str
    change: str
    importers: tuple[str, ...]

    def __str__(self) -> str:
        stacks_ = " and ".join(self.importers)
        return (
            f"the export {self.export} {self.change}, and CloudFormation refuses that as long as "
            f"{stacks_} imports it. First deploy {stacks_} without the import, or delete it"
        )


def deadlocks(
    client: "CloudFormationClient",
    outputs: "Iterable[OutputTypeDef]",
    stack: "Stack",
    changes: "Iterable[Change]",
) -> tuple[Deadlock, ...]:
    """Find the exports of a stack that stand in the way of its change.

    Args:
        client: CloudFormation where the stack is.
        outputs: The stack's outputs as they are.
        stack: The template and the values that would be deployed.
        changes: What would happen to the stack's resources.
    """
    found = []
    changes = list(changes)
    offered = dict(_offered(stack))
    for output in outputs:
        export = output.get("ExportName")
        if not export:
            continue
        becomes = _becomes(output["OutputValue"], offered.get(export), stack, changes)
        importers = tuple(sorted(stacks.importers(client, export))) if becomes else ()
        if becomes and importers:
            found.append(Deadlock(export, becomes, importers))
    return tuple(found)


def _offered(stack: "Stack") -> "Iterator[tuple[str | None, Any]]":
    """Yield the name and the value of each export that the template would have."""
    for output in (stack.template.get("Outputs") or {}).values():
        condition = output.get("Condition")
        there = condition is None or stack.perhaps_holds(condition) is not False
        if "Export" in output and there:
            yield stack.text(output["Export"]["Name"]), output["Value"]


def _becomes(
    now: str,
    value: Any,
    stack: "Stack",
    changes: "Iterable[Change]",
) -> str | None:
    """Say what becomes of a value, or return None if it stays as far as one can tell."""
    if value is None:
        return "would be gone"
    match value:
        case {"Fn::If": [condition, yes, no]}:
            holds = stack.perhaps_holds(condition)
            chosen = value if holds is None else yes if holds else no
            return None if chosen is value else _becomes(now, chosen, stack, changes)
    known = stack.text(value)
    if known is not None:
        return None if known == now else f"would become {known} (it is {now})"
    named = set(_named(value))
    for change in changes:
        for name, attribute in named:
            volatile = VOLATILE.get((change.kind, attribute))
            if change.resource == name and (
                change.effect in LOSING
                or (change.effect is Effect.MAY_BE_REPLACED and change.is_certain)
                or (volatile and volatile in [each.name for each in change.properties])
            ):
                return f"would become another one with {name}"
    return None


def _named(value: Any) -> "Iterator[tuple[str, str]]":
    """Yield the resources that a value names, each with the attribute that is taken of it."""
    match value:
        case {"Ref": str(name)}:
            yield name, ""
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            yield name, attribute
        case {"Fn::Sub": str(pattern)} | {"Fn::Sub": [str(pattern), *_]}:
            for placeholder in templates.PLACEHOLDER.findall(pattern):
                name, _, attribute = placeholder.partition(".")
                yield name, attribute
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            yield from _named(child)
