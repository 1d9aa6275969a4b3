"""The strings that a template's values may resolve to, as far as the template determines them."""

import re
from collections.abc import Iterator
from typing import Any

from template_rules import walk

VARIABLE = re.compile(r"\$\{([^}]*)\}")
# IAM's wildcards: `?` is one character, `*` any number of them.
ANYTHING = "*"
NOT_EMPTY = "?*"


def choices(node: Any) -> Iterator[Any]:
    """Yield each value of a list or of one value, and of both branches of `Fn::If`.

    Args:
        node: A value of a policy's element, such as `Resource`.
    """
    if isinstance(node, list):
        for item in node:
            yield from choices(item)
    elif isinstance(node, dict) and set(node) == {"Fn::If"}:
        yield from choices(node["Fn::If"][1:])
    elif node != {"Ref": "AWS::NoValue"}:
        yield node


def pattern(node: Any) -> str | None:
    """Return the text of a value, with wildcards for what the template leaves open.

    Args:
        node: A text, `Fn::Sub` with or without a map, `Fn::Join` or a pseudo parameter.

    Returns:
        None for a value of which nothing is known.
    """
    if isinstance(node, str):
        return _substituted(node, {})
    match node:
        case {"Fn::Sub": [str(text), dict(values)]} if len(node) == 1:
            return _substituted(text, values)
        case {"Fn::Sub": [str(text)] | str(text)} if len(node) == 1:
            return _substituted(text, {})
        case {"Fn::Join": [str(between), list(parts)]} if len(node) == 1:
            return between.join(ANYTHING if part is None else part for part in map(pattern, parts))
        case {"Ref": str(name)} if name.startswith("AWS::"):
            return NOT_EMPTY
        case _:
            return None


def _substituted(text: str, values: dict[str, Any]) -> str:
    def value(variable: re.Match[str]) -> str:
        name = variable[1]
        if name in values:
            known = pattern(values[name])
            return ANYTHING if known is None else known
        return NOT_EMPTY if name.startswith("AWS::") else ANYTHING

    return VARIABLE.sub(value, text)


def actions(statement: dict[str, Any], element: str = "Action") -> list[str]:
    """Return the actions that a statement names, without surrounding whitespace.

    Args:
        statement: The statement.
        element: `Action` or `NotAction`.
    """
    # Rule E9012 covers whitespace.
    return [each.strip() for each in choices(statement.get(element, [])) if isinstance(each, str)]


def conditions(statement: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield each operator of a statement's condition with a key, stripped, and its value.

    Args:
        statement: The statement.
    """
    for condition in choices(statement.get("Condition", {})):
        for operator, pairs in condition.items() if isinstance(condition, dict) else ():
            for each in walk.listed(pairs):
                for key, value in each.items() if isinstance(each, dict) else ():
                    yield operator, key.strip(), value
