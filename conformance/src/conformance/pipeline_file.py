"""A Bitbucket pipelines file, read as strictly as Bitbucket reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Step = dict[str, Any]
# Pipelines by branch, tag and so on; `default` is one pipeline.
KINDS = ("branches", "tags", "pull-requests", "custom")


class KeyTwiceError(Exception):
    """A key stands twice in one map, of which YAML would silently take the last."""


class _Loader(yaml.SafeLoader):
    """Refuses a key that is there twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [key.value for key, _ in node.value]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise KeyTwiceError(f"{', '.join(twice)} twice, {node.start_mark}")
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass(frozen=True)
class PipelineFile:
    """What a bitbucket-pipelines.yml says.

    Attributes:
        text: The file's text.
        document: What it holds, anchors and merges worked out.
    """

    text: str
    document: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> "PipelineFile":
        """Read a file.

        Raises:
            KeyTwiceError: If a key stands twice in one map.
        """
        return cls.parse(path.read_text())

    @classmethod
    def parse(cls, text: str) -> "PipelineFile":
        """Read a file's text.

        Raises:
            KeyTwiceError: If a key stands twice in one map.
        """
        return cls(text, yaml.load(text, _Loader))  # noqa: S506 # nosec B506 # a SafeLoader

    def pipelines(self) -> dict[str, list[Any]]:
        """The pipelines' items by their names, `branches.main`."""
        found = dict(self.document["pipelines"])
        named = {"default": found["default"]} if "default" in found else {}
        for kind in KINDS:
            for name, items in (found.get(kind) or {}).items():
                named[f"{kind}.{name}"] = items
        return named

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Yield the steps of every pipeline, each with its pipeline's name."""
        for name, items in self.pipelines().items():
            for step in steps(items):
                yield name, step


def steps(items: list[Any]) -> Iterator[Step]:
    """The steps of a pipeline in their order, those of groups and stages among them."""
    for item in items:
        if "step" in item:
            yield item["step"]
        elif "parallel" in item:
            group = item["parallel"]
            yield from steps(group["steps"] if isinstance(group, dict) else group)
        elif "stage" in item:
            yield from steps(item["stage"]["steps"])


def script(step: Step) -> str:
    """A step's commands."""
    return "\n".join(each for each in step.get("script", []) if isinstance(each, str))
