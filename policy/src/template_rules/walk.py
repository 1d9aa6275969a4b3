"""Finds things anywhere in a template."""

import json
from collections.abc import Iterator
from typing import Any

Path = list[str | int]


def every(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield a node and everything below it, each with its path.

    Args:
        node: Part of a template.
        path: Its path.
    """
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from every(value, [*path, key])
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from every(value, [*path, index])


def resources(template: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each resource's logical id, its type and the resource."""
    for name, resource in template.get("Resources", {}).items():
        yield name, resource.get("Type", ""), resource


def properties(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource's properties; none if they are not written out."""
    found = resource.get("Properties")
    return found if isinstance(found, dict) else {}


def statements(template: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each statement of each policy, also of one that is written as JSON text.

    Args:
        template: The template; only its resources are searched.
    """
    for path, node in every(template.get("Resources", {}), ["Resources"]):
        if _is_statement(node):
            yield path, node
        elif isinstance(node, str) and '"Statement"' in node:
            for _, part in every(_document(node), []):
                if _is_statement(part):
                    yield path, part


def listed(value: Any) -> list[Any]:
    """Return a list: the value if it is one, the value alone in one otherwise."""
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """Return the text of a string or of `Fn::Sub`, its variables unresolved; empty for others."""
    if isinstance(value, dict) and set(value) == {"Fn::Sub"}:
        value = listed(value["Fn::Sub"])[0]
    return value if isinstance(value, str) else ""


def references(node: Any) -> set[str]:
    """Return the logical ids that `Ref`, `Fn::GetAtt` and `Fn::Sub` name below a node."""
    found = set()
    for path, value in every(node, []):
        if path and path[-1] == "Ref" and isinstance(value, str):
            found.add(value)
        elif path and path[-1] == "Fn::GetAtt":
            found.add(str(listed(value)[0]).partition(".")[0])
        elif isinstance(value, str) and "${" in value:
            found |= {part.partition("}")[0].partition(".")[0] for part in value.split("${")[1:]}
    return found


def _is_statement(node: Any) -> bool:
    return isinstance(node, dict) and "Effect" in node and ("Action" in node or "NotAction" in node)


def _document(policy: str) -> Any:
    try:
        return json.loads(policy)
    except ValueError:
        return None
