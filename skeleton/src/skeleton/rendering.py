"""One rendered file, and how a template becomes its content."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jinja2 import Environment, StrictUndefined
from local_aws.project import templates
from local_aws.project.facts import Facts

TEMPLATE = ".j2"
ROW = Path("dynamodb_infra/row.yml")
ENDPOINT = Path("sagemaker_endpoint/template.yml")


class Rendering(NamedTuple):
    """One file to write.

    Attributes:
        source: Its source, relative to the repository root.
        target: Its path, relative to the repository root.
        content: What it holds.
    """

    source: Path
    target: Path
    content: bytes


def names(root: Path, facts: Facts) -> dict[str, Any]:
    """Return what every template may use: the facts, the table's row, and the endpoint's model."""
    return {
        "facts": facts,
        "row": yaml.safe_load((root / ROW).read_text()),
        "model": templates.read(root / ENDPOINT)["Metadata"]["Model"],
    }


def text(template: str, known: Mapping[str, Any]) -> str:
    """Render a template.

    Args:
        template: The template's text.
        known: Values by the names that it may use.

    Raises:
        jinja2.TemplateError: If it is wrong, or uses another name.
    """
    # What is rendered are makefiles, YAML, Markdown and Python, in which nothing is escaped.
    environment = Environment(  # noqa: S701 # nosec B701
        undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(template).render(known)
