"""CloudFormation's registry schemas, region by region, and what in a resource is against them."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import regex
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError
from jsonschema import Draft7Validator, ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import extend

NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _is_integer(_: Any, value: Any) -> bool:
    return not isinstance(value, bool) and bool(re.fullmatch(r"-?\d+", str(value)))


def _is_number(_: Any, value: Any) -> bool:
    return not isinstance(value, bool) and bool(NUMBER.fullmatch(str(value)))


def _is_boolean(_: Any, value: Any) -> bool:
    return isinstance(value, bool) or value in {"true", "false"}


def _is_string(_: Any, value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    # The registry's patterns are ECMAScript's, which Python's own re does not all understand.
    if isinstance(value, str) and not regex.search(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _on_text(keyword: Any) -> Any:
    """A keyword for texts, which sees a number as the text that it stands for."""

    def validate(validator: Any, limit: Any, value: Any, schema: Any) -> Any:
        if schema.get("type") == "string" and isinstance(value, int | float):
            value = str(value)
        return keyword(validator, limit, value, schema)

    return validate


def _on_number(keyword: Any) -> Any:
    """A keyword for numbers, which sees a text as the number that it stands for."""

    def validate(validator: Any, limit: Any, value: Any, schema: Any) -> Any:
        if isinstance(value, str) and NUMBER.fullmatch(value):
            value = float(value)
        return keyword(validator, limit, value, schema)

    return validate


# CloudFormation takes "5" for a number and 5 for a text.
_Validator = extend(  # type: ignore[no-untyped-call]
    Draft7Validator,
    {
        "pattern": _on_text(_pattern),
        **{name: _on_text(Draft7Validator.VALIDATORS[name]) for name in ("minLength", "maxLength")},
        **{name: _on_number(Draft7Validator.VALIDATORS[name]) for name in ("minimum", "maximum")},
    },
    type_checker=Draft7Validator.TYPE_CHECKER.redefine_many(
        {
            "integer": _is_integer,
            "number": _is_number,
            "boolean": _is_boolean,
            "string": _is_string,
        }
    ),
)


def is_available(resource_type: str, region: str) -> bool:
    """Whether a region has a type of resource."""
    try:
        PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, resource_type)
    except ResourceNotFoundError:
        return False
    return True


def findings(resource_type: str, properties: Mapping[str, Any], region: str) -> list[str]:
    """What in a resource's properties is against its schema.

    Args:
        resource_type: The resource's type.
        properties: Its properties, worked out.
        region: Name of the region.

    Returns:
        A line for each, which begins with the rule's name; nothing where all is well.
    """
    if not is_available(resource_type, region):
        return [f"type: {region} has no {resource_type}"]
    schema, validator = _schema(resource_type, region)
    found = [
        f"{error.validator}: {'/'.join(map(str, error.absolute_path)) or 'properties'}: "
        f"{error.message[:300]}"
        for error in map(_cause, validator.iter_errors(properties))
    ]
    for pointer in schema.get("readOnlyProperties", []):
        path = pointer.removeprefix("/properties/").split("/")
        if any(True for _ in _at(properties, path)):
            found.append(f"readOnly: {pointer} is given by AWS alone")
    return found


def counted(node: Any) -> int:
    """How many properties there are in a resource's properties, at all depths."""
    if isinstance(node, Mapping):
        return sum(1 + counted(value) for value in node.values())
    return sum(map(counted, node)) if isinstance(node, list) else 0


def _cause(error: ValidationError) -> ValidationError:
    """Of what fits none of several schemas, the fault in the one that it fits best."""
    return best_match([error]) or error


@functools.cache
def _schema(resource_type: str, region: str) -> tuple[dict[str, Any], Any]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, resource_type).schema
    # Read again, so that changes that cfn-lint makes to its copy do not affect this one.
    schema = json.loads(json.dumps(schema))
    return schema, _Validator(schema)


def _at(node: Any, path: list[str]) -> Iterator[Any]:
    """The values at a pointer, whose `*` stands for every item."""
    if not path:
        yield node
        return
    name, *rest = path
    if name == "*":
        for each in node if isinstance(node, list) else []:
            yield from _at(each, rest)
    elif isinstance(node, Mapping) and name in node:
        yield from _at(node[name], rest)


def create_only(resource_type: str, properties: Mapping[str, Any], region: str) -> dict[str, Any]:
    """What in a resource's properties cannot change without another resource in its place.

    Returns:
        The values by the pointers of the schema's `createOnlyProperties`.
    """
    schema, _ = _schema(resource_type, region)
    pointers = schema.get("createOnlyProperties", [])
    return {
        pointer: list(_at(properties, pointer.removeprefix("/properties/").split("/")))
        for pointer in pointers
    }
