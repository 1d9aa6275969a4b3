"""What botocore's models say of recorded calls: more than botocore itself asks.

botocore checks the names and types of parameters before it sends them. The models also say which
values there are, of which form and how long, and only AWS looks at that.
"""

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
import regex

TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (str, int, float),
    "blob": (str,),
}
# What recorder/sitecustomize.py puts in the place of what JSON has no type for.
MARKS = ("$bytes", "$time", "$other")
# Every answer has the first; botocore's own waiters ask every answer for the second.
OF_EVERY_ANSWER = ("ResponseMetadata", "Error")


@dataclass(frozen=True)
class Call:
    """A call that was made, or a reading of its answer.

    Attributes:
        service: botocore's name of the service.
        operation: The operation.
        caller: Name of the function or the program.
        parameters: What it was given; None for a reading.
        read: The path of a member of the answer that was read.
    """

    service: str
    operation: str
    caller: str
    parameters: Any = None
    read: tuple[str, ...] = ()


def recorded(file: Path) -> list[Call]:
    """Read what the recorder wrote, each different call and reading once."""
    found: dict[str, Call] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        each = json.loads(line)
        found.setdefault(line, Call(**each | {"read": tuple(each.get("read", ()))}))
    return list(found.values())


def findings(call: Call) -> list[str]:
    """What in a call, or in a reading of its answer, is against the service's model."""
    model = _service(call.service)
    if model is None or call.operation not in model.operation_names:
        return [f"operation: {call.service} has no {call.operation}"]
    operation = model.operation_model(call.operation)
    if call.parameters is None:
        return list(_read(operation.output_shape, call.read, call.read))
    return list(_given(operation.input_shape, call.parameters, call.operation))


@functools.cache
def _service(name: str) -> Any:
    session = botocore.session.get_session()
    if name not in session.get_available_services():
        return None
    return session.get_service_model(name)


def _given(shape: Any, value: Any, path: str) -> Iterator[str]:
    """What of a value is not as its shape is."""
    if shape is None:
        if value:
            yield f"unknown: {path} takes no parameters"
        return
    if isinstance(value, dict) and any(mark in value for mark in MARKS):
        yield from _measured(shape, value, path)
        return
    fitting = TYPES[shape.type_name]
    if not _is_one_of(value, fitting):
        yield f"type: {path} is {type(value).__name__}, not {shape.type_name}"
        return
    yield from _bounded(shape, value, path)
    if shape.type_name == "structure":
        yield from _structured(shape, value, path)
    elif shape.type_name == "list":
        for number, each in enumerate(value):
            yield from _given(shape.member, each, f"{path}[{number}]")
    elif shape.type_name == "map":
        for key, each in value.items():
            yield from _given(shape.key, key, f"{path} key")
            yield from _given(shape.value, each, f"{path}.{key}")


def _is_one_of(value: Any, types: tuple[type, ...]) -> bool:
    """Whether a value is of one of some types; Python takes True for a number, AWS does not."""
    return bool in types if isinstance(value, bool) else isinstance(value, types)


def _structured(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if name not in value:
            yield f"required: {path} lacks {name}"
    for name, each in value.items():
        if name not in shape.members:
            yield f"unknown: {path} has no {name}"
        else:
            yield from _given(shape.members[name], each, f"{path}.{name}")


def _bounded(shape: Any, value: Any, path: str) -> Iterator[str]:
    """The enumeration, pattern and bounds of a shape."""
    rules = shape.metadata
    if "enum" in rules and value not in rules["enum"]:
        yield f"enum: {path} is {value!r}, not one of {', '.join(rules['enum'])}"
    if "pattern" in rules and isinstance(value, str) and not _matches(rules["pattern"], value):
        yield f"pattern: {path} is {value!r}, which does not match {rules['pattern']}"
    size = value if isinstance(value, int | float) else len(value)
    yield from _sized(rules, size, path)


def _measured(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    """The bounds of what was recorded by its length alone."""
    if "length" in value:
        yield from _sized(shape.metadata, value["length"], path)


def _sized(rules: dict[str, Any], size: float, path: str) -> Iterator[str]:
    if size < rules.get("min", size):
        yield f"min: {path} has {size}, and {rules['min']} is the least"
    if size > rules.get("max", size):
        yield f"max: {path} has {size}, and {rules['max']} is the most"


def _matches(pattern: str, value: str) -> bool:
    # Java's patterns: what Python's own re does not understand, this one mostly does.
    return bool(regex.fullmatch(pattern, value) or regex.search(rf"\A(?:{pattern})\Z", value))


def _read(shape: Any, path: tuple[str, ...], whole: tuple[str, ...]) -> Iterator[str]:
    """Whether an answer has what was read of it."""
    if not path or whole[0] in OF_EVERY_ANSWER:
        return
    name, *rest = path
    kind = shape.type_name if shape else "nothing"
    if kind == "structure":
        if name not in shape.members:
            yield f"answer: there is no {'.'.join(whole)}"
            return
        yield from _read(shape.members[name], tuple(rest), whole)
    elif kind in {"list", "map"}:
        yield from _read(shape.member if kind == "list" else shape.value, tuple(rest), whole)
    elif kind == "nothing":
        yield f"answer: there is no {'.'.join(whole)}"
