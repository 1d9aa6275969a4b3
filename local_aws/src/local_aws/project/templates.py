"""CloudFormation templates, read for what they need of each other."""

import copy
import functools
import re
from typing import TYPE_CHECKING, Any

import yaml

try:  # libyaml's is ten times as fast
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

from local_aws.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")


class _Loader(SafeLoader):
    """YAML with CloudFormation's short forms, `!Sub x` for `{"Fn::Sub": "x"}`."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type] # the only kind left
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)
# A template's version is text, not a date.
_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: "Path") -> dict[str, Any]:
    """Read a YAML document that may hold CloudFormation's intrinsic functions.

    The local files that it names by `AWS::Include` are part of it, as they are once it is packaged.

    Raises:
        CloudError: If it, or a file that it includes, is not there, not YAML or not a map.
    """
    document: dict[str, Any] = _with_included(_read(path), path.parent)
    return document


def _with_included(node: Any, folder: "Path") -> Any:
    if isinstance(node, list):
        return [_with_included(each, folder) for each in node]
    if not isinstance(node, dict):
        return node
    found: dict[str, Any] = {}
    for key, value in node.items():
        match key, value:
            case "Fn::Transform", {"Name": "AWS::Include", "Parameters": {"Location": str(file)}}:
                found |= _read(folder / file)
            case _:
                found[key] = _with_included(value, folder)
    return found


def _read(path: "Path") -> dict[str, Any]:
    try:
        document = copy.deepcopy(_parsed(path.read_text()))
    except FileNotFoundError as error:
        raise CloudError(f"{path} is missing.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CloudError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise CloudError(f"{path} is not a YAML map.")
    return document


@functools.cache
def _parsed(text: str) -> Any:
    """Parse a document once: a command reads each several times, and parsing takes longest."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 # nosec B506 # a SafeLoader


def imports(template: Any) -> "Iterator[Any]":
    """Yield the argument of each `Fn::ImportValue` in a template, or in a part of one."""
    if isinstance(template, dict):
        for key, value in template.items():
            if key == "Fn::ImportValue":
                yield value
            yield from imports(value)
    elif isinstance(template, list):
        for item in template:
            yield from imports(item)


def exports(template: "Mapping[str, Any]") -> "Iterator[Any]":
    """Yield the name under which each output of a template is exported."""
    for output in (template.get("Outputs") or {}).values():
        if "Export" in output:
            yield output["Export"]["Name"]


def resolve(value: Any, names: "Mapping[str, str]") -> str | None:
    """Work out a text from the intrinsic functions that names are made with.

    Args:
        value: A literal, or a map of Ref, Fn::Sub, Fn::Join or a part of Fn::Split.
        names: Values of parameters and pseudo parameters.

    Returns:
        The text, or None if it depends on something that is not known before the deployment.
    """
    found: str | None = None
    match value:
        case bool():
            found = str(value).lower()
        case str() | int() | float():
            found = str(value)
        case {"Ref": str(name)}:
            found = names.get(name)
        case {"Fn::Sub": str(pattern)}:
            found = _substitute(pattern, names)
        case {"Fn::Sub": [str(pattern), dict(local)]}:
            known = {key: resolve(item, names) for key, item in local.items()}
            found = _substitute(
                pattern, {**names, **{k: v for k, v in known.items() if v is not None}}
            )
        case {"Fn::Join": [str(separator), list(items)]}:
            parts = [part for item in items if (part := resolve(item, names)) is not None]
            found = separator.join(parts) if len(parts) == len(items) else None
        case {"Fn::Select": [index, {"Fn::Split": [str(separator), text]}]}:
            whole = resolve(text, names)
            found = None if whole is None else whole.split(separator)[int(index)]
    return found


def _substitute(pattern: str, names: "Mapping[str, str]") -> str | None:
    if any(name not in names for name in PLACEHOLDER.findall(pattern)):
        return None
    return PLACEHOLDER.sub(lambda match: names[match[1]], pattern).replace("${!", "${")
