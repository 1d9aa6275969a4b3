"""The template as data."""

from pathlib import Path
from typing import Any

import yaml

COMPONENT = Path(__file__).parents[1]


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as their long ones."""


def _construct(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".") if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _construct)


def template() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((COMPONENT / "template.yml").read_text(), Loader)  # noqa: S506
    return loaded


def parameters(environment: str) -> dict[str, Any]:
    text = (COMPONENT / f"parameters/{environment}.yml").read_text()
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
