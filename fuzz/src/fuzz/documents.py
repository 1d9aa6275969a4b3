"""The API's OpenAPI documents, as a deployment has them."""

from pathlib import Path
from typing import Any

import yaml

HOLDS = {"UsesApiKey": True, "UsesIam": False}


def read(path: Path, title: str) -> dict[str, Any]:
    """Read a document for a deployment whose AuthMode is ApiKey.

    Args:
        path: The component's openapi.yml.
        title: What the API is called.

    Returns:
        An OpenAPI document without CloudFormation's functions and without `x-amazon-…`.
    """
    document = _resolve(yaml.safe_load(path.read_text(encoding="utf-8")))
    document["info"]["title"] = title
    # The other modes' scheme would be one that nothing uses.
    document["components"]["securitySchemes"].pop("Sigv4")
    return dict(document)


def _resolve(node: Any) -> Any:
    if isinstance(node, list):
        return [value for value in map(_resolve, node) if value is not None]
    if not isinstance(node, dict):
        return node
    if "Fn::If" in node:
        condition, met, unmet = node["Fn::If"]
        return _resolve(met if HOLDS[condition] else unmet)
    if set(node) == {"Ref"}:
        return None if node["Ref"] == "AWS::NoValue" else node["Ref"]
    return {
        name: _resolve(value)
        for name, value in node.items()
        if not (isinstance(name, str) and name.startswith("x-amazon-"))
    }
